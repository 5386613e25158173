/** The host of a sandbox: a name or an address. */
import { Credentials } from "@effect-signalwire/core"
import { isIPv6 } from "node:net"

/** A host as URLs have it. */
export const inUrl = (host: string): string => isIPv6(host) ? `[${host}]` : host

/** Whether only this machine can reach a server that listens on the host. */
export const isLoopback = (host: string): boolean => Credentials.isLoopback(inUrl(host))
