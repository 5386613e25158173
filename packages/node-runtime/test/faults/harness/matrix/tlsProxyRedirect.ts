import type { Faults } from "./fault.ts"

export const tlsProxyRedirect = {
  "a certificate that is self-signed, expired or for another host, and TLS below 1.2, are TransportError Tls": {
    number: 85,
    retried: false,
    detail: "the server receives no Authorization"
  },
  "a TLS handshake that stalls after ClientHello is RequestTimeout": { number: 86, retried: true },
  "a redirect is UnexpectedStatus and is never followed": {
    number: 87,
    retried: false,
    detail:
      "301, 302, 303, 307 and 308 to the same origin, another port, another host and http: 0 requests at the target"
  },
  "HTTP_PROXY is ignored unless the options ask for it": { number: 88 },
  "a proxy that rejects CONNECT or never responds is an error in bounded time": {
    number: 89,
    detail: "407 and 403 are not retried; 502 with HTML, 503 and no response are; a proxy of the options"
  },
  "a proxy to a TLS server sees CONNECT only": { number: 90 },
  "plain http goes to its server directly, and not through a proxy, which would see the token": { number: 137 }
} satisfies Faults
