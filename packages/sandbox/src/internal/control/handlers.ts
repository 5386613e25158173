/** The handlers of the control endpoint. */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpApiError from "@effect/platform/HttpApiError"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { randomUUID } from "node:crypto"
import { toScripted } from "../faults/script.ts"
import { formatIssues } from "../fields.ts"
import type { State } from "../server/state.ts"
import type { ChangeError } from "../space/changeError.ts"
import { toSummary } from "../space/contents.ts"
import type { SessionEntry } from "../space/space.ts"
import * as wireSession from "../space/wireSession.ts"
import {
  ControlApi,
  ControlToken,
  Invalid,
  NotInProgress,
  RequestEntry,
  toEntry,
  Unauthorized,
  Unknown
} from "./api.ts"
import * as token from "./token.ts"

const tokenCheck = (given: Redacted.Redacted) => {
  const isToken = token.matches(given)
  return Layer.succeed(
    ControlToken,
    ControlToken.of({
      token: given =>
        isToken(Redacted.value(given)) ? Effect.void : Effect.fail(new Unauthorized({ error: token.expected }))
    })
  )
}

const encodeEntry = Schema.encodeSync(Schema.parseJson(RequestEntry))

/** A comment keeps connections open that nothing is sent on. */
const keepAlive = Stream.fromSchedule(Schedule.spaced("15 seconds")).pipe(Stream.map(() => ": keep-alive\n\n"))

const eventStream = ({ journal }: State): HttpServerResponse.HttpServerResponse => {
  const events = Stream.map(journal.changes, request => {
    const event = request.elapsed === undefined ? "event: pending" : `id: ${request.number}\nevent: request`
    return `${event}\ndata: ${encodeEntry(toEntry(request))}\n\n`
  })
  return HttpServerResponse.stream(
    Stream.make(": the requests of the sandbox\n\n").pipe(
      Stream.concat(Stream.merge(events, keepAlive)),
      Stream.encodeText
    ),
    { contentType: "text/event-stream", headers: { "cache-control": "no-store" } }
  )
}

const defaultLimit = 100

const last = <A>(items: ReadonlyArray<A>, limit: number = defaultLimit): ReadonlyArray<A> => items.slice(-limit)

/** The sessions in progress, then the others, the newest one first of each. */
const inProgressFirst = (
  sessions: ReadonlyArray<SessionEntry>,
  limit: number = defaultLimit
): ReadonlyArray<SessionEntry> => {
  const isInProgress = ({ session }: SessionEntry): boolean => session.status === "in-progress"
  const inProgress = sessions.filter(isInProgress)
  const others = sessions.filter(entry => !isInProgress(entry))
  return [...inProgress.toReversed(), ...others.slice(-limit).toReversed()].slice(0, limit)
}

const reads = (state: State) =>
  HttpApiBuilder.group(ControlApi, "reads", handlers =>
    handlers
      .handle("sessions", ({ urlParams: { limit } }) =>
        Effect.sync(() => {
          const { space } = state
          const now = state.now()
          return inProgressFirst(space.sessions, limit).map(entry => ({
            session: space.sessionAt(entry, now),
            members: space.members(entry.session.id).map(member => space.memberAt(member, now)),
            recordings: space.sessionRecordings(entry.session.id).map(recording => space.recordingAt(recording, now))
          }))
        }))
      .handle("faults", () => Effect.sync(() => state.faults.given.list()))
      .handle("scenarioFaults", () => Effect.sync(() => state.faults.ofScenario.list()))
      .handle(
        "requests",
        ({ urlParams: { limit } }) => Effect.sync(() => last(state.journal.snapshot(), limit).map(toEntry))
      )
      .handleRaw("requestStream", () => Effect.sync(() => eventStream(state)))
      .handle("document", () => Effect.sync(() => OpenApi.fromApi(ControlApi))))

/** A change that is not possible, as an error of the endpoint. */
const toError = ({ message, reason }: ChangeError): Unknown | NotInProgress =>
  reason.startsWith("Unknown") ? new Unknown({ error: message }) : new NotInProgress({ error: message })

const changed = <A>(change: () => Either.Either<A, ChangeError>) => Effect.mapError(Effect.suspend(change), toError)

/** The fields are valid each, but not together with those of the session. */
const made = (session: ReturnType<typeof wireSession.start>) =>
  Effect.orDieWith(session, error => new Invalid({ error }))

const changes = (state: State) =>
  HttpApiBuilder.group(ControlApi, "changes", handlers => {
    const { faults, journal, now, script, space } = state
    return handlers
      .handle("create", ({ payload }) =>
        Effect.map(made(wireSession.start(randomUUID(), {}, payload, now())), session =>
          space.put(session, now())))
      .handle("change", ({ path, payload }) => {
        const entry = space.session(path.id)
        return entry === undefined
          ? Effect.fail(new Unknown({ error: `The sandbox has no session ${path.id}` }))
          : Effect.map(
            made(wireSession.change(toSummary(space.sessionAt(entry, now())), payload, now(), space.lastJoin(path.id))),
            session =>
              space.put(session, now())
          )
      })
      .handle("end", ({ path }) => changed(() => space.end(path.id, now())))
      .handle("addMember", ({ path, payload }) => changed(() => space.addMember(path.id, payload.name ?? null, now())))
      .handle("removeMember", ({ path }) => changed(() => space.removeMember(path.id, now())))
      .handle("record", ({ path }) => changed(() => space.record(path.id, now())))
      .handle("endRecording", ({ path }) => changed(() => space.endRecording(path.id, now())))
      .handle("setFaults", ({ payload }) =>
        Effect.sync(() => {
          faults.given.set(payload)
          return faults.given.list()
        }))
      .handle("clearFaults", () => Effect.sync(() => faults.clear()))
      .handle("respondNext", ({ payload }) =>
        Effect.sync(() => {
          for (const response of payload) script.push(toScripted(response))
        }))
      .handle("clearResponses", () =>
        Effect.sync(() => {
          script.length = 0
        }))
      .handle("play", ({ payload }) => state.scenario.start(payload))
      .handle("stop", () => Effect.zipRight(state.scenario.stop, Effect.sync(() => faults.ofScenario.set([]))))
      .handle("clearRequests", () => Effect.sync(() => journal.clear()))
  })

/** What the platform cannot decode is invalid. The type of a middleware has no errors, so it is a defect, which is encoded too. */
const invalidRequests = HttpApiBuilder.middleware(
  ControlApi,
  app =>
    Effect.catchAllCause(app, cause => {
      const error = Cause.squash(cause)
      if (error instanceof HttpApiError.HttpApiDecodeError) {
        return Effect.die(new Invalid({ error: formatIssues(error.issues) }))
      }
      // the stack of a validation
      return error instanceof RangeError
        ? Effect.die(new Invalid({ error: "expected a body that is less deeply nested" }))
        : Effect.failCause(cause)
    })
)

/** The application of the control endpoint. */
export const make = (state: State, controlToken: Redacted.Redacted) =>
  Effect.map(
    Layer.build(
      Layer.provideMerge(
        HttpApiBuilder.api(ControlApi),
        Layer.mergeAll(
          Layer.provide(Layer.merge(reads(state), changes(state)), tokenCheck(controlToken)),
          invalidRequests
        )
      ).pipe(
        Layer.provideMerge(Layer.merge(HttpApiBuilder.Router.Live, HttpApiBuilder.Middleware.layer)),
        // HttpApiBuilder's router is one memoized layer, which sandboxes must not share
        Layer.fresh
      )
    ),
    context => Effect.provide(HttpApiBuilder.httpApp, context)
  ).pipe(Effect.flatten)
