/** The log of the requests, from the event stream. */
import { EventSourceParserStream } from "eventsource-parser/stream"
import { change, open, read, readable } from "./control.ts"
import { byId, element, setText } from "./dom.ts"

interface Entry {
  readonly number: number
  readonly method: string
  readonly path: string
  readonly query: string
  readonly operation: string | null
  readonly attempt: number
  readonly authorized: boolean
  readonly request_id: string
  readonly received_at: string
  readonly status: number | null
  readonly transmission: string | null
  readonly elapsed_ms: number | null
}

const maxRows = 200

/** In milliseconds, until the event stream is opened again. */
const delay = 1000

const statusOf = ({ elapsed_ms, status, transmission }: Entry): string =>
  elapsed_ms === null
    ? "pending"
    : [status, transmission].filter(part => part !== null).join(" ") || "aborted"

const levelOf = ({ elapsed_ms, status, transmission }: Entry): string =>
  elapsed_ms === null
    ? "pending"
    : status === null || status >= 500 || (transmission !== null && transmission !== "drip")
    ? "error"
    : status >= 400
    ? "warning"
    : "success"

const notes = ({ authorized, operation }: Entry): string =>
  [operation ?? "no operation", ...(authorized ? [] : ["without the credentials of the sandbox"])].join(", ")

const makeRow = (entry: Entry) => {
  const status = element("span", { class: "badge" })
  const elapsed = element("span", { role: "cell", class: "number took" })
  const row = element(
    "div",
    { role: "row", class: "entry", title: `x-request-id: ${entry.request_id}` },
    element("span", { role: "cell", class: "time" }, entry.received_at.slice(11, 23)),
    element(
      "span",
      { role: "cell", class: "target" },
      element("b", {}, entry.method),
      " ",
      element("span", { class: "path" }, entry.path + entry.query),
      element("small", {}, notes(entry))
    ),
    element("span", { role: "cell", class: "result" }, status),
    element("span", { role: "cell", class: "attempt" }, String(entry.attempt)),
    elapsed
  )
  if (entry.attempt > 1) row.classList.add("again")
  const update = (entry: Entry): void => {
    setText(status, statusOf(entry))
    status.dataset["level"] = levelOf(entry)
    setText(elapsed, entry.elapsed_ms === null ? "" : `${Math.round(entry.elapsed_ms)} ms`)
  }
  return { row, update }
}

/** @param onRequest runs when requests have arrived or ended */
export const start = (onRequest: () => void): void => {
  const log = byId("log", HTMLDivElement)
  const rows = new Map<number, ReturnType<typeof makeRow>>()
  const waiting = new Map<number, Entry>()
  const pause = byId("pause", HTMLButtonElement)
  let isPaused = false
  let total = 0

  const showCount = (): void => {
    const isEmpty = rows.size === 0
    byId("no-requests", HTMLDivElement).hidden = !isEmpty
    byId("requests-scroll", HTMLDivElement).hidden = isEmpty
    setText(byId("requests-count", HTMLSpanElement), isEmpty ? "" : `${total.toLocaleString("en")} since the start`)
  }

  const reset = (): void => {
    rows.clear()
    waiting.clear()
    log.replaceChildren()
    total = 0
    showCount()
  }

  const show = (entry: Entry): void => {
    const shown = rows.get(entry.number)
    if (shown !== undefined) return shown.update(entry)
    // an end of a request that was removed already
    if (entry.number <= total - maxRows) return
    const made = makeRow(entry)
    made.update(entry)
    rows.set(entry.number, made)
    log.prepend(made.row)
    total = Math.max(total, entry.number)
  }

  const flush = (): void => {
    if (isPaused || waiting.size === 0) return
    for (const entry of [...waiting.values()].toSorted((one, other) => one.number - other.number)) show(entry)
    waiting.clear()
    for (const [number, { row }] of rows) {
      if (rows.size <= maxRows) break
      row.remove()
      rows.delete(number)
    }
    showCount()
    onRequest()
  }

  /** Many requests become one change of the page. */
  const enqueue = (entry: Entry): void => {
    if (waiting.size === 0) requestAnimationFrame(flush)
    waiting.set(entry.number, entry)
    if (waiting.size > maxRows) waiting.delete(Math.min(...waiting.keys()))
  }

  const reload = async (): Promise<void> => {
    const entries = await read<ReadonlyArray<Entry>>(`/requests?limit=${maxRows}`)
    for (const entry of entries) if (!waiting.has(entry.number)) waiting.set(entry.number, entry)
    flush()
  }

  pause.addEventListener("click", () => {
    isPaused = !isPaused
    pause.setAttribute("aria-pressed", String(isPaused))
    flush()
  })
  byId("clear-requests", HTMLButtonElement).addEventListener("click", () => {
    void change("DELETE", "/requests").then(done => {
      if (done) reset()
    })
  })

  const connection = byId("connection", HTMLParagraphElement)
  const setConnection = (state: string, text: string): void => {
    connection.dataset["state"] = state
    setText(connection, text)
  }
  const follow = async (): Promise<void> => {
    try {
      const { body } = await open("/requests/stream")
      if (body === null) return
      setConnection("live", "Live")
      // a sandbox that was started again counts from 1
      reset()
      await reload()
      const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader()
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one event after the other
        const { done, value } = await events.read()
        if (done) return
        if (value.event === "request" || value.event === "pending") enqueue(JSON.parse(value.data))
      }
    } catch {
      // the sandbox has ended, or has another token
    }
  }
  const followAgain = async (): Promise<void> => {
    await readable()
    await follow()
    setConnection("lost", "Disconnected")
    setTimeout(followAgain, delay)
  }
  void followAgain()
}
