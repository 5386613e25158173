/** Plays a scenario in a space. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { toScripted } from "../faults/script.ts"
import type { State } from "../server/state.ts"
import { toSummary } from "../space/contents.ts"
import { uuidOf } from "../space/uuid.ts"
import * as wireSession from "../space/wireSession.ts"
import { type Decoded, type DecodedStep, ScenarioError, stepsOf } from "./scenario.ts"

const isUuid = Schema.is(Schema.UUID)

/** The ids of the sessions that a round has started, by their names. */
type Ids = Map<string, string>

/** The number of the last id of each name, so that a scenario that repeats does not look for it from the first one. */
const usedNumbers = new WeakMap<State["space"], Map<string, number>>()

/** An id that no session has, the same in each run. */
const newId = ({ space }: State, name: string): string => {
  const used = usedNumbers.get(space) ?? new Map<string, number>()
  usedNumbers.set(space, used)
  for (let number = used.get(name) ?? 0;; number++) {
    used.set(name, number)
    const id = uuidOf(`scenario session ${name} ${number}`)
    if (space.session(id) === undefined) return id
  }
}

const memberOf = ({ space }: State, sessionId: string, name: string): string | undefined =>
  space.members(sessionId).findLast(({ value }) => value.name === name && value.leave_time === null)?.value.id

const recordingOf = ({ space }: State, sessionId: string): string | undefined =>
  space.sessionRecordings(sessionId).findLast(({ value }) => value.finished_at === null)?.value.id

interface WithMessage {
  readonly message: string
}

const failed = (message: string): Either.Either<never, WithMessage> => Either.left({ message })

const put = (state: State, made: ReturnType<typeof wireSession.start>, now: number) =>
  Either.mapBoth(made, {
    onLeft: message => ({ message }),
    onRight: session => state.space.put(session, now)
  })

const idOf = (state: State, ids: Ids, step: Extract<DecodedStep, { readonly session: string }>): string => {
  const known = isUuid(step.session) ? step.session : step.do === "start" ? undefined : ids.get(step.session)
  const id = known ?? newId(state, step.session)
  ids.set(step.session, id)
  return id
}

const apply = (state: State, ids: Ids, step: DecodedStep): Either.Either<unknown, WithMessage> => {
  const now = state.now()
  const { faults, script, space } = state
  if (step.do === "faults") return Either.right(faults.ofScenario.set(step.faults))
  if (step.do === "respond") return Either.right(script.push(...step.responses.map(toScripted)))
  const id = idOf(state, ids, step)
  switch (step.do) {
    case "start": {
      const entry = space.session(id)
      const before = entry === undefined ? { name: step.session } : toSummary(entry.session).toJSON()
      return put(state, wireSession.start(id, before, step.fields ?? {}, now), now)
    }
    case "change": {
      const entry = space.session(id)
      return entry === undefined
        ? failed(`The sandbox has no session ${id}`)
        : put(
          state,
          wireSession.change(toSummary(space.sessionAt(entry, now)), step.fields, now, space.lastJoin(id)),
          now
        )
    }
    case "join":
      return space.addMember(id, step.member, now)
    case "leave": {
      const member = memberOf(state, id, step.member)
      return member === undefined
        ? failed(`No member ${JSON.stringify(step.member)} is inside of the session`)
        : space.removeMember(member, now)
    }
    case "record":
      return space.record(id, now)
    case "endRecording": {
      const recording = recordingOf(state, id)
      return recording === undefined
        ? failed("The session has no recording in progress")
        : space.endRecording(recording, now)
    }
    case "end":
      return space.end(id, now)
  }
}

const round = (state: State, steps: ReadonlyArray<DecodedStep>): Effect.Effect<void, ScenarioError> =>
  Effect.gen(function*() {
    const ids: Ids = new Map()
    const begin = state.now()
    for (const [index, step] of steps.entries()) {
      const delay = begin + Duration.toMillis(step.at) - state.now()
      if (delay > 0) yield* Effect.sleep(delay)
      yield* Effect.mapError(
        Effect.suspend(() => apply(state, ids, step)),
        ({ message }) => new ScenarioError({ message: `Step ${index + 1} (${step.do}): ${message}` })
      )
    }
  })

/**
 * Plays a scenario by the clock of the sandbox. It ends after the last step, or never when the scenario repeats. Its faults end with it
 * when it is interrupted; after the last step they stay.
 */
export const play = (state: State, scenario: Decoded): Effect.Effect<void, ScenarioError> => {
  const once = round(state, stepsOf(scenario))
  return Effect.onInterrupt(
    scenario.repeat === true ? Effect.forever(once) : once,
    () => Effect.sync(() => state.faults.ofScenario.set([]))
  )
}
