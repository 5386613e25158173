/**
 * The parts of undici that the pool is made of, from their files: docs/decisions/undici-files.md.
 *
 * undici's entry replaces the dispatcher of Node's own `fetch`, so that requests of other packages fail that Node's accepts. It also loads
 * 110 modules, of which the pool needs 30.
 */
import type * as undici from "undici"
import connectMethod from "undici/lib/api/api-connect.js"
import connector from "undici/lib/core/connect.js"
import errorClasses from "undici/lib/core/errors.js"
import client from "undici/lib/dispatcher/client.js"
import dispatcher from "undici/lib/dispatcher/dispatcher.js"
import environmentAgent from "undici/lib/dispatcher/env-http-proxy-agent.js"
import proxyAgent from "undici/lib/dispatcher/proxy-agent.js"

export const Client: typeof undici.Client = client
export const Dispatcher: typeof undici.Dispatcher = dispatcher
export const EnvHttpProxyAgent: typeof undici.EnvHttpProxyAgent = environmentAgent
export const ProxyAgent: typeof undici.ProxyAgent = proxyAgent
export const buildConnector: typeof undici.buildConnector = connector
/** The method of dispatchers, which only undici's entry gives to `Dispatcher`. */
export const connect: undici.Dispatcher["connect"] = connectMethod
export const errors: typeof undici.errors = errorClasses
