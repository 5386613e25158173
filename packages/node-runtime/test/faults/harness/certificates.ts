/** Certificates for 127.0.0.1. */
import { Effect } from "effect"
import { generate } from "selfsigned"

export interface Certificate {
  readonly cert: string
  readonly key: string
}

const day = 86_400_000

const named = (commonName: string) => [{ name: "commonName", value: commonName }]

export const authority: Effect.Effect<Certificate> = Effect.promise(async () => {
  const made = await generate(named("Authority of a test"), {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - 30 * day),
    notAfterDate: new Date(Date.now() + 30 * day),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true }
    ]
  })
  return { cert: made.cert, key: made.private }
})

export interface Options {
  /** Default 127.0.0.1 and localhost. */
  readonly host?: string
  /** Whether it expired yesterday. */
  readonly expired?: boolean
  /** The authority that signs it; default self-signed. */
  readonly by?: Certificate
}

export const make = ({ by, expired = false, host }: Options = {}): Effect.Effect<Certificate> =>
  Effect.promise(async () => {
    const made = await generate(named(host ?? "localhost"), {
      keyType: "ec",
      algorithm: "sha256",
      notBeforeDate: new Date(Date.now() - 20 * day),
      notAfterDate: new Date(Date.now() + (expired ? -1 : 20) * day),
      ...(by === undefined ? {} : { ca: by }),
      extensions: [
        { name: "basicConstraints", cA: false },
        {
          name: "subjectAltName",
          altNames: host === undefined
            ? [{ type: 7, ip: "127.0.0.1" }, { type: 2, value: "localhost" }]
            : [{ type: 2, value: host }]
        }
      ]
    })
    return { cert: made.cert, key: made.private }
  })
