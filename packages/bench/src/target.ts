/** What a client in another process calls. */
export interface Target {
  readonly origin: string
  /** The certificate of a server over TLS, in PEM. */
  readonly ca?: string
}

/** The options of undici for connections to the target. */
export const connectOptions = ({ ca }: Target) => (ca === undefined ? {} : { connect: { ca } })
