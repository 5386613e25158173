/** The types of undici's files, which are those of its entry. */

declare module "undici/lib/api/api-connect.js" {
  import type { Dispatcher } from "undici"
  const connect: Dispatcher["connect"]
  export default connect
}

declare module "undici/lib/core/connect.js" {
  import { buildConnector } from "undici"
  export default buildConnector
}

declare module "undici/lib/core/errors.js" {
  import { errors } from "undici"
  export default errors
}

declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici"
  export default Client
}

declare module "undici/lib/dispatcher/dispatcher.js" {
  import { Dispatcher } from "undici"
  export default Dispatcher
}

declare module "undici/lib/dispatcher/env-http-proxy-agent.js" {
  import { EnvHttpProxyAgent } from "undici"
  export default EnvHttpProxyAgent
}

declare module "undici/lib/dispatcher/proxy-agent.js" {
  import { ProxyAgent } from "undici"
  export default ProxyAgent
}
