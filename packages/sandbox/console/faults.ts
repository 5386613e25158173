/** The switches of the faults. */
import { act, applyAccess, change, read } from "./control.ts"
import { announce, byId, element, keyedList, setText } from "./dom.ts"

type Fault = Readonly<Record<string, unknown>> & {
  readonly type: string
  readonly operation?: string
  readonly requests?: number
}

interface Preset {
  readonly label: string
  readonly detail: string
  readonly fault: Fault
}

const presets: ReadonlyArray<Preset> = [
  { label: "500", detail: "an internal error", fault: { type: "status", status: 500 } },
  {
    label: "503",
    detail: "unavailable, Retry-After 1 s",
    fault: { type: "status", status: 503, retryAfter: "1 second" }
  },
  {
    label: "Rate limit",
    detail: "429 above 5 requests in 10 s",
    fault: { type: "rateLimit", capacity: 5, per: "10 seconds" }
  },
  { label: "HTML page", detail: "502 of a gateway", fault: { type: "html" } },
  { label: "Latency", detail: "500 ms", fault: { type: "latency", delay: "500 millis" } },
  {
    label: "Random latency",
    detail: "median 200 ms",
    fault: { type: "lognormalLatency", median: "200 millis", sigma: 1 }
  },
  { label: "Stall", detail: "no response at all", fault: { type: "stall" } },
  { label: "Reset", detail: "of the connection", fault: { type: "reset" } },
  { label: "Truncate", detail: "half of the body", fault: { type: "truncate" } },
  { label: "Drip", detail: "16 bytes each 100 ms", fault: { type: "drip", bytes: 16 } }
]

/** Faults of the same kind are those of one switch. */
const kindOf = ({ status, type }: Fault): string => type === "status" ? `status ${String(status)}` : type

const scopeOf = ({ operation, requests }: Fault): string =>
  [
    operation ?? "all operations",
    requests === undefined ? "all requests" : `${requests} left`
  ].join(", ")

const remove = async (isRemoved: (fault: Fault, index: number) => boolean, what: string): Promise<void> => {
  const faults = await read<ReadonlyArray<Fault>>("/faults")
  const left = faults.filter((fault, index) => !isRemoved(fault, index))
  if (await change("PUT", "/faults", left)) announce(`${what}: off`)
  await refresh()
}

const add = async ({ fault, label }: Preset): Promise<void> => {
  const operation = byId("operation", HTMLSelectElement).value
  const count = byId("count", HTMLSelectElement).value
  const added: Fault = {
    ...fault,
    ...(operation === "" ? {} : { operation }),
    ...(count === "" ? {} : { requests: Number(count) })
  }
  const faults = await read<ReadonlyArray<Fault>>("/faults")
  if (await change("PUT", "/faults", [...faults, added])) announce(`${label}: on, ${scopeOf(added)}`)
  await refresh()
}

const makeSwitch = (preset: Preset, index: number) => {
  const kind = kindOf(preset.fault)
  const detail = element("small", { id: `fault-${index}-detail` })
  const control = element(
    "button",
    {
      type: "button",
      role: "switch",
      class: "switch change",
      "aria-checked": "false",
      "aria-describedby": `fault-${index}-detail`
    },
    element("span", {}, preset.label)
  )
  control.addEventListener("click", () => {
    const isOn = control.getAttribute("aria-checked") === "true"
    act(() => isOn ? remove(fault => kindOf(fault) === kind, preset.label) : add(preset))
  })
  const update = (faults: ReadonlyArray<Fault>): void => {
    const own = faults.filter(fault => kindOf(fault) === kind)
    control.setAttribute("aria-checked", String(own.length > 0))
    setText(detail, own.length === 0 ? preset.detail : own.map(scopeOf).join("; "))
  }
  return { kind, item: element("li", {}, control, detail), update }
}

const switches = presets.map(makeSwitch)

interface Other {
  readonly key: string
  readonly fault: Fault
}

const describe = (fault: Fault): string => {
  const { operation: _operation, requests: _requests, type, ...fields } = fault
  const parts = Object.entries(fields).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return [type, ...parts].join(", ")
}

const makeOther = ({ fault }: Other) => {
  const name = element("span", {})
  const detail = element("small")
  const button = element("button", { type: "button", class: "quiet change" }, "Remove")
  button.addEventListener("click", () => {
    act(() => remove(other => describe(other) === describe(fault), describe(fault)))
  })
  const update = ({ fault }: Other): void => {
    setText(name, describe(fault))
    setText(detail, scopeOf(fault))
  }
  return { element: element("li", {}, element("span", {}, name, " ", detail), button), update }
}

const showOthers = keyedList<Other>(byId("others", HTMLUListElement), ({ key }) => key, makeOther)

/** A fault of the scenario, which ends with the scenario. */
const makeOfScenario = ({ fault }: Other) => {
  const name = element("span", {}, describe(fault))
  const detail = element("small")
  const update = ({ fault }: Other): void => setText(detail, scopeOf(fault))
  return { element: element("li", {}, name, detail), update }
}

const showOfScenario = keyedList<Other>(byId("of-scenario", HTMLUListElement), ({ key }) => key, makeOfScenario)

const keyed = (faults: ReadonlyArray<Fault>): ReadonlyArray<Other> =>
  faults.map((fault, index) => ({ key: `${index} ${describe(fault)}`, fault }))

export const refresh = async (): Promise<void> => {
  const [faults, ofScenario] = await Promise.all([
    read<ReadonlyArray<Fault>>("/faults"),
    read<ReadonlyArray<Fault>>("/scenario/faults")
  ])
  for (const { update } of switches) update(faults)
  const kinds = new Set(switches.map(({ kind }) => kind))
  const others = faults.filter(fault => !kinds.has(kindOf(fault)))
  byId("other-faults", HTMLDivElement).hidden = others.length === 0
  showOthers(keyed(others))
  byId("scenario-faults", HTMLDivElement).hidden = ofScenario.length === 0
  showOfScenario(keyed(ofScenario))
  applyAccess()
}

export const start = (operations: ReadonlyArray<string>): void => {
  byId("operation", HTMLSelectElement).append(
    ...operations.map(operation => element("option", { value: operation }, operation))
  )
  byId("switches", HTMLUListElement).append(...switches.map(({ item }) => item))
  byId("clear-faults", HTMLButtonElement).addEventListener("click", () => {
    act(async () => {
      if (await change("DELETE", "/faults")) announce("All faults: off")
      await refresh()
    })
  })
}
