/** The options of the transports. Public declarations import this module, so it does not import undici, whose types need those of Node. */
import type { RequestPolicy } from "@effect-signalwire/core"
import type * as Redacted from "effect/Redacted"

export interface Options {
  /** The transport reads `connectTimeout`, `maxConnections` (for each origin), `maxConnectionAge` and `maxHeaderBytes`. */
  readonly policy?: RequestPolicy.Options | undefined
  /** The certificates, in PEM, that are trusted in place of the well-known authorities. */
  readonly ca?: string | undefined
  /**
   * The HTTP proxy for `CONNECT` tunnels, such as `http://proxy.example:3128`; default none. Only https goes through it: it would see the
   * token in plain http, which is sent directly. An address with a user or a password must be `Redacted`. `"environment"` reads
   * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; the same names in lower case take precedence. In a variable, an address without a scheme
   * is that of an `http` proxy, as for curl. Without this option the variables are ignored.
   */
  readonly proxy?: "environment" | (string & {}) | Redacted.Redacted | undefined
  /** Whether the pool updates metrics of its connections and its queue, which are those of the process; default true. */
  readonly metrics?: boolean | undefined
}

export interface ConfigOptions extends Options {
  /**
   * The prefix of the variables of the options that are omitted: with `"EU"`, `EU_SIGNALWIRE_REST_CA_FILE`. Below the prefixes of
   * `ConfigProvider.nested`.
   */
  readonly prefix?: string | undefined
}
