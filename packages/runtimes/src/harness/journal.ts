/** Counts the requests to each behavior. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Seen } from "../suite/Target.ts"

export class Journal {
  readonly #seen = new Map<string, Seen>()

  of(behavior: string): Seen {
    return this.#seen.get(behavior) ?? { requests: 0, open: 0 }
  }

  record(behavior: string, { socket }: IncomingMessage, response: ServerResponse): void {
    this.#add(behavior, { requests: 1, open: 1 })
    let isOpen = true
    const settle = () => {
      if (isOpen) this.#add(behavior, { requests: 0, open: -1 })
      isOpen = false
    }
    response.once("finish", settle)
    socket.once("close", settle)
  }

  #add(behavior: string, change: Seen): void {
    const { open, requests } = this.of(behavior)
    this.#seen.set(behavior, { requests: requests + change.requests, open: open + change.open })
  }
}
