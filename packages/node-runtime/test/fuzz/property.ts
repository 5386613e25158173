/** The property that every fuzzed answer must keep, over a raw server and the real client. */
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
import { type Answer, answerOf, type Secrets } from "./answer.ts"
import { type Plan, plan } from "./plan.ts"

/** What hangs takes a whole attempt, so that it is short; what is sent in full comes within it on any machine. */
const attemptMillis = 1500

const token = "PT%2b+/=\"\\n\u00fc\u4e2d"
const projectId = "fuzz"
const base64 = Buffer.from(`${projectId}:${token}`).toString("base64")
const secrets: Secrets = { header: `Basic ${base64}`, base64, token }
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
  readonly failures: Map<string, number>
}

export interface Fuzzer {
  /** Throws where the property does not hold. */
  readonly check: (planned: Plan) => Promise<void>
  readonly tally: Tally
  readonly close: () => Promise<void>
}

const play = async (socket: net.Socket, answer: Answer): Promise<void> => {
  for (const part of answer.writes) {
    if (socket.destroyed) return
    socket.write(part)
    if (answer.pause === "tick") await nextTurn()
    if (answer.pause === "millisecond") await sleep(1)
  }
  if (answer.ending === "fin") socket.end()
  if (answer.ending === "reset") socket.resetAndDestroy()
}

const idIn = (head: string): string => /^GET \/api\/video\/room_sessions\/([0-9a-f-]{36}) HTTP/i.exec(head)?.[1] ?? ""

const serve = async (answers: ReadonlyMap<string, Answer>) => {
  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    let received = ""
    socket.on("close", () => sockets.delete(socket))
    socket.on("error", () => {})
    socket.on("data", chunk => {
      received += chunk.toString("latin1")
      if (!received.endsWith("\r\n\r\n")) return
      const answer = answers.get(idIn(received))
      received = ""
      if (answer !== undefined) void play(socket, answer)
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

const reveals = (failure: SignalWireError.SignalWireError): boolean => {
  const exit = Exit.fail(failure)
  const seen = [
    failure.message,
    String(failure.stack),
    inspect(failure, { depth: 10, showHidden: true }),
    JSON.stringify(failure),
    JSON.stringify(exit),
    Cause.pretty(Cause.fail(failure)),
    inspect(Runtime.makeFiberFailure(Cause.fail(failure)), { depth: 10, showHidden: true })
  ].join("\n")
  return forbidden.some(secret => seen.includes(secret))
}

const label = (failure: SignalWireError.SignalWireError): string =>
  "reason" in failure ? `${failure._tag} ${failure.reason} ${"code" in failure ? failure.code : ""}` : failure._tag

const describe = (planned: Plan, answer: Answer): string =>
  `damage ${inspect(planned.damage, { depth: 6 })}, framing ${inspect(planned.framing)}, ending ${answer.ending}\n` +
  inspect(Buffer.concat(answer.writes).subarray(0, 1200).toString("latin1"))

const fault = (exit: Exit.Exit<RoomSession.RoomSessionSummary, SignalWireError.SignalWireError>, answer: Answer) => {
  if (Exit.isSuccess(exit)) {
    return Equal.equals(exit.value, answer.session) ? undefined : "a damaged answer became a session"
  }
  const failure = Cause.failureOption(exit.cause)
  if (Option.isNone(failure) || !Cause.isFailType(exit.cause)) return `a defect: ${Cause.pretty(exit.cause)}`
  if (reveals(failure.value)) return `a secret is in a failure: ${failure.value._tag}`
  return answer.isWhole ? `a whole answer was refused: ${label(failure.value)} ${failure.value.message}` : undefined
}

/** One server and one client for all answers, so that what is left on a connection meets the next call. */
export const make = async (): Promise<Fuzzer> => {
  const answers = new Map<string, Answer>()
  const server = await serve(answers)
  const runtime = ManagedRuntime.make(Layer.orDie(NodeSignalWire.layer({
    baseUrl: `http://127.0.0.1:${server.port}`,
    projectId,
    apiToken: Redacted.make(token),
    policy: { attemptTimeout: attemptMillis, maxRetries: 0, maxConnections: 128 }
  })))
  const tally: Tally = { cases: 0, sessions: 0, failures: new Map() }

  const checkOne = async (planned: Plan, tries = 1): Promise<void> => {
    const id = RoomSessionFixture.id(++tally.cases)
    const answer = answerOf(planned, id, secrets)
    answers.set(id, answer)
    // the answers of all calls are made before the first call begins
    await nextTurn()
    const meter = lag.start()
    const exit = await runtime.runPromiseExit(Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get(id)))
    const { lagMillis, millis } = meter.read()
    meter.stop()
    const late = millis > attemptMillis + lag.graceMillis + lagMillis
    answers.delete(id)
    // the answer before may have closed the connection, or left bytes on it that came too late to be noticed in time
    if (answer.isWhole && tries < 4 && Exit.isFailure(exit)) return checkOne(planned, tries + 1)
    const found = late ? "the call took too long" : fault(exit, answer)
    if (found !== undefined) throw new Error(`${found}\n${describe(planned, answer)}`)
    if (Exit.isSuccess(exit)) tally.sessions++
    else {
      const name = Option.match(Cause.failureOption(exit.cause), { onNone: () => "", onSome: label })
      tally.failures.set(name, (tally.failures.get(name) ?? 0) + 1)
    }
  }

  return {
    check: planned => checkOne(planned),
    tally,
    close: async () => {
      await runtime.dispose()
      // a socket that was reset is destroyed, and now and then never says that it is closed
      const open = () => [...server.sockets].filter(({ destroyed }) => !destroyed).length
      await Effect.runPromise(lag.becomes(() => open() === 0, 1000))
      const left = open()
      await server.close()
      if (left > 0) throw new Error(`${left} connections were open after the layer was closed`)
    }
  }
}

/** Checks many answers at a time; where one fails, tells the smallest like it that fails as well. */
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
    : `seed ${seed}, answer ${index}, not again when alone: ${first?.status === "rejected" ? String(first.reason) : ""}`
}
