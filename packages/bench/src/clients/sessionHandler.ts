import type { Dispatcher } from "undici"
import { dateKeys } from "../session.ts"

/**
 * The lower limit for a client over undici that returns dates. It makes no stream for the body, validates nothing, and ignores the
 * status.
 */
export class SessionHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (session: unknown) => void
  readonly #reject: (error: Error) => void
  readonly #chunks: Array<Buffer> = []

  constructor(resolve: (session: unknown) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  // undici treats a handler without it as one with the old interface
  onRequestStart(): void {}

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const [first = Buffer.alloc(0), ...rest] = this.#chunks
    const body = rest.length === 0 ? first : Buffer.concat(this.#chunks)
    const session: Record<string, unknown> = JSON.parse(body.toString("utf8"))
    for (const key of dateKeys) session[key] = new Date(String(session[key]))
    this.#resolve(session)
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}
