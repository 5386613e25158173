/** The property of every fuzzed response, over a raw server and the real client. */
import { type RoomSession, RoomSessions, type SignalWireError } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as net from "node:net"
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises"
import { inspect } from "node:util"
import * as lag from "../faults/harness/lag.ts"
import { type Plan, plan } from "./plan.ts"
import * as response from "./response.ts"

/** Short, since a response that hangs takes a whole attempt; any machine sends a whole response within it. */
const attemptMillis = 1500

const token = "PT%2b+/=\"\\n\u00fc\u4e2d"
const projectId = "fuzz"
const base64 = Buffer.from(`${projectId}:${token}`).toString("base64")
const secrets: response.Secrets = { header: `Basic ${base64}`, base64, token }
const forbidden = [
  token,
  base64,
  encodeURIComponent(token),
  encodeURIComponent(base64),
  JSON.stringify(token).slice(1, -1)
]

export interface Tally {
  cases: number
  sessions: number
  readonly errors: Map<string, number>
}

export interface Fuzzer {
  /** Throws where the property does not hold. */
  readonly check: (planned: Plan) => Promise<void>
  readonly tally: Tally
  readonly close: () => Promise<void>
}

const send = async (socket: net.Socket, { ending, pause, writes }: response.FuzzedResponse): Promise<void> => {
  for (const part of writes) {
    if (socket.destroyed) return
    socket.write(part)
    if (pause === "tick") await nextTurn()
    if (pause === "millisecond") await sleep(1)
  }
  if (ending === "fin") socket.end()
  if (ending === "reset") socket.resetAndDestroy()
}

const idIn = (head: string): string => /^GET \/api\/video\/room_sessions\/([0-9a-f-]{36}) HTTP/i.exec(head)?.[1] ?? ""

const serve = async (responses: ReadonlyMap<string, response.FuzzedResponse>) => {
  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    let received = ""
    socket.on("close", () => sockets.delete(socket))
    socket.on("error", () => {})
    socket.on("data", chunk => {
      received += chunk.toString("latin1")
      if (!received.endsWith("\r\n\r\n")) return
      const fuzzed = responses.get(idIn(received))
      received = ""
      if (fuzzed !== undefined) void send(socket, fuzzed)
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    sockets,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>(resolve => server.close(() => resolve()))
    }
  }
}

const showsSecret = (error: SignalWireError.SignalWireError): boolean => {
  const exit = Exit.fail(error)
  const seen = [
    error.message,
    String(error.stack),
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(exit),
    Cause.pretty(Cause.fail(error)),
    inspect(Runtime.makeFiberFailure(Cause.fail(error)), { depth: 10, showHidden: true })
  ].join("\n")
  return forbidden.some(secret => seen.includes(secret))
}

const nameOf = (error: SignalWireError.SignalWireError): string =>
  "reason" in error ? `${error._tag} ${error.reason} ${"code" in error ? error.code : ""}` : error._tag

const describe = (planned: Plan, { ending, writes }: response.FuzzedResponse): string =>
  `damage ${inspect(planned.damage, { depth: 6 })}, framing ${inspect(planned.framing)}, ending ${ending}\n` +
  inspect(Buffer.concat(writes).subarray(0, 1200).toString("latin1"))

/** How the exit of a call violates the property, if it does. */
const violation = (
  exit: Exit.Exit<RoomSession.RoomSessionSummary, SignalWireError.SignalWireError>,
  { isComplete, session }: response.FuzzedResponse
): string | undefined => {
  if (Exit.isSuccess(exit)) {
    return Equal.equals(exit.value, session) ? undefined : "a damaged response became a session"
  }
  const error = Cause.failureOption(exit.cause)
  if (Option.isNone(error) || !Cause.isFailType(exit.cause)) return `a defect: ${Cause.pretty(exit.cause)}`
  if (showsSecret(error.value)) return `a secret is in an error: ${error.value._tag}`
  return isComplete ? `a complete response was rejected: ${nameOf(error.value)} ${error.value.message}` : undefined
}

/** One server and one client for all responses, so that bytes left on a connection affect the next call. */
export const make = async (): Promise<Fuzzer> => {
  const responses = new Map<string, response.FuzzedResponse>()
  const server = await serve(responses)
  const runtime = ManagedRuntime.make(Layer.orDie(NodeSignalWire.layer({
    baseUrl: `http://127.0.0.1:${server.port}`,
    projectId,
    apiToken: Redacted.make(token),
    policy: { attemptTimeout: attemptMillis, maxRetries: 0, maxConnections: 128 }
  })))
  const tally: Tally = { cases: 0, sessions: 0, errors: new Map() }

  const checkOne = async (planned: Plan, tries = 1): Promise<void> => {
    const id = RoomSessionFixture.id(++tally.cases)
    const fuzzed = response.make(planned, id, secrets)
    responses.set(id, fuzzed)
    // the responses of all calls are made before the first call begins
    await nextTurn()
    const meter = lag.start()
    const exit = await runtime.runPromiseExit(Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)))
    const { lagMillis, millis } = meter.read()
    meter.stop()
    const late = millis > attemptMillis + lag.graceMillis + lagMillis
    responses.delete(id)
    // the previous response may have closed the connection, or left bytes that arrived too late to be detected
    if (fuzzed.isComplete && tries < 4 && Exit.isFailure(exit)) return checkOne(planned, tries + 1)
    const found = late ? "the call took too long" : violation(exit, fuzzed)
    if (found !== undefined) throw new Error(`${found}\n${describe(planned, fuzzed)}`)
    if (Exit.isSuccess(exit)) tally.sessions++
    else {
      const name = Option.match(Cause.failureOption(exit.cause), { onNone: () => "", onSome: nameOf })
      tally.errors.set(name, (tally.errors.get(name) ?? 0) + 1)
    }
  }

  return {
    check: planned => checkOne(planned),
    tally,
    close: async () => {
      await runtime.dispose()
      // a socket that was reset is destroyed, but does not always emit `close`
      const open = () => [...server.sockets].filter(({ destroyed }) => !destroyed).length
      await Effect.runPromise(lag.becomes(() => open() === 0, 1000))
      const left = open()
      await server.close()
      if (left > 0) throw new Error(`${left} connections were open after the layer was closed`)
    }
  }
}

/** Checks many responses concurrently; the report of a violation is shrunk. */
export const run = async (fuzzer: Fuzzer, seed: number, count: number): Promise<string | undefined> => {
  const plans = FastCheck.sample(plan, { seed, numRuns: count })
  const checked = await Promise.allSettled(plans.map(planned => fuzzer.check(planned)))
  const index = checked.findIndex(({ status }) => status === "rejected")
  if (index < 0) return undefined
  const shrunk = await FastCheck.check(FastCheck.asyncProperty(plan, fuzzer.check), {
    seed,
    path: String(index),
    numRuns: 1,
    interruptAfterTimeLimit: 20_000
  })
  const [first] = checked.slice(index)
  return shrunk.failed
    ? FastCheck.defaultReportMessage(shrunk)
    : `seed ${seed}, response ${index}, which does not fail when alone: ${
      first?.status === "rejected" ? String(first.reason) : ""
    }`
}
