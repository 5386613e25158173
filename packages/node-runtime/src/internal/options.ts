/** The options of the transports. In a module without undici, whose types need those of Node: public declarations import this one. */
import type { RequestPolicy } from "@effect-signalwire/core"
import type * as Redacted from "effect/Redacted"

export interface Options {
  /** `connectTimeout`, `maxConnections` (for each origin), `maxConnectionAge` and `maxHeaderBytes` are read here. */
  readonly policy?: RequestPolicy.Options | undefined
  /** Certificates to trust in place of the well-known authorities, in PEM. */
  readonly ca?: string | undefined
  /**
   * The HTTP proxy to go through by `CONNECT`, such as `http://proxy.example:3128`. An address with a user or a password
   * must be `Redacted`. `"environment"` reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` or, before them, the same names in lower
   * case, which are ignored otherwise. Without a scheme, their addresses are those of an `http` proxy, as for curl.
   */
  readonly proxy?: "environment" | (string & {}) | Redacted.Redacted | undefined
}
