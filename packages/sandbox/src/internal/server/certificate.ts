/** The certificate of a sandbox with TLS. */
import * as Effect from "effect/Effect"
import { isIP } from "node:net"

/** In PEM. The certificate is self-signed, so it is its own authority. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const day = 86_400_000

/**
 * Makes a certificate for a year, by the time of the machine, since clients check it by theirs.
 *
 * @param names the names and addresses of the server besides those of loopback
 */
export const make = (names: ReadonlyArray<string>): Effect.Effect<Certificate> =>
  Effect.promise(async () => {
    // only needed here, and large
    const { generate } = await import("selfsigned")
    const all = [...new Set(["localhost", "127.0.0.1", "::1", ...names])]
    const now = Date.now()
    const { cert, private: key } = await generate([{ name: "commonName", value: "SignalWire sandbox" }], {
      keyType: "ec",
      algorithm: "sha256",
      notBeforeDate: new Date(now - day),
      notAfterDate: new Date(now + 365 * day),
      extensions: [
        { name: "basicConstraints", cA: false },
        {
          name: "subjectAltName",
          altNames: all.map(name => isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })
        }
      ]
    })
    return { cert, key }
  })
