/** Scenarios: what happens in a space at which times. */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Fault, FaultField } from "../faults/fault.ts"
import { type Response, ResponseField } from "../faults/script.ts"
import { DurationField, type DurationInput, formatError, strict } from "../fields.ts"
import { SessionFields } from "../space/wireSession.ts"

/**
 * A scenario that is invalid, or a step that is not possible. The message says where, and what was expected.
 *
 * @since 1.0.0
 * @category errors
 */
export class ScenarioError extends Data.TaggedError("ScenarioError")<{ readonly message: string }> {}

/**
 * A step of a scenario. `at` is the time from its beginning. `session` is the id of a session, or any name that a step `start` gives to
 * a new one.
 *
 * - `start`: a session starts, with `fields` as the service writes them. Default: a session in 720p that is called as in `session`.
 * - `change`: some fields of the session change.
 * - `join` and `leave`: a member of this name joins or leaves.
 * - `record` and `endRecording`: a recording of the session starts or ends.
 * - `end`: the session is completed.
 * - `faults`: replaces the faults of the scenario; none for `[]`. Those that `faults` of `Service` has set stay, and come first.
 * - `respond`: scripts the responses to the next requests, as `respondNext` of `Service` does.
 *
 * @since 1.0.0
 * @category models
 */
export type Step =
  & { readonly at: DurationInput }
  & (
    | { readonly do: "start"; readonly session: string; readonly fields?: SessionFields | undefined }
    | { readonly do: "change"; readonly session: string; readonly fields: SessionFields }
    | { readonly do: "join" | "leave"; readonly session: string; readonly member: string }
    | { readonly do: "record" | "endRecording" | "end"; readonly session: string }
    | { readonly do: "faults"; readonly faults: ReadonlyArray<Fault> }
    | { readonly do: "respond"; readonly responses: ReadonlyArray<Response> }
  )

/**
 * A scenario: steps in any order, and whether it begins again after the last one, with new sessions. Default: it ends.
 *
 * @since 1.0.0
 * @category models
 * @example
 * import type { SandboxSpace } from "@effect-signalwire/sandbox"
 *
 * const scenario: SandboxSpace.Scenario = {
 *   steps: [
 *     { at: "0 seconds", do: "start", session: "kick-off", fields: { display_name: "Kick-off" } },
 *     { at: "1 second", do: "join", session: "kick-off", member: "Ada" },
 *     { at: "5 seconds", do: "faults", faults: [{ type: "status", status: 503, requests: 2 }] },
 *     { at: "8 seconds", do: "end", session: "kick-off" }
 *   ]
 * }
 */
export interface Scenario {
  /** The steps, each with the time from the start of the scenario at which it runs. */
  readonly steps: ReadonlyArray<Step>
  /** Whether the scenario begins again after its last step; default false. */
  readonly repeat?: boolean | undefined
}

const common = { at: DurationField }
const ofSession = { ...common, session: Schema.NonEmptyTrimmedString }

// a struct for each step, since the error of a union names the values of `do` only if each member has one
const StepField = Schema.Union(
  Schema.Struct({ do: Schema.Literal("start"), ...ofSession, fields: Schema.optional(SessionFields) }),
  Schema.Struct({ do: Schema.Literal("change"), ...ofSession, fields: SessionFields }),
  Schema.Struct({ do: Schema.Literal("join"), ...ofSession, member: Schema.String }),
  Schema.Struct({ do: Schema.Literal("leave"), ...ofSession, member: Schema.String }),
  Schema.Struct({ do: Schema.Literal("record"), ...ofSession }),
  Schema.Struct({ do: Schema.Literal("endRecording"), ...ofSession }),
  Schema.Struct({ do: Schema.Literal("end"), ...ofSession }),
  Schema.Struct({ do: Schema.Literal("faults"), ...common, faults: Schema.Array(FaultField) }),
  Schema.Struct({ do: Schema.Literal("respond"), ...common, responses: Schema.Array(ResponseField) })
).annotations({ identifier: "Step" })

export type DecodedStep = typeof StepField.Type

const isUuid = Schema.is(Schema.UUID)

/** The steps in the order of time, with their places in the file. */
const inOrder = (steps: ReadonlyArray<DecodedStep>) =>
  steps.map((step, index) => ({ step, index })).toSorted((a, b) => Duration.Order(a.step.at, b.step.at))

/** A session that has a name is started by a step before. */
const unknownSession = (steps: ReadonlyArray<DecodedStep>) => {
  const started = new Set<string>()
  for (const { index, step } of inOrder(steps)) {
    if (!("session" in step) || isUuid(step.session)) continue
    if (step.do === "start") started.add(step.session)
    else if (!started.has(step.session)) {
      const message = `expected the id of a session, or a name that a step before starts, got ${
        JSON.stringify(step.session)
      }`
      return { path: [index, "session"], message }
    }
  }
  return undefined
}

const Steps = Schema.NonEmptyArray(StepField).pipe(Schema.filter(unknownSession))

/** In milliseconds. A scenario that repeats without a pause would leave no time for requests. */
const minPeriod = 100

export const ScenarioField = Schema.Struct({ steps: Steps, repeat: Schema.optional(Schema.Boolean) }).pipe(
  Schema.filter(({ repeat, steps }) =>
    repeat !== true || steps.some(({ at }) => Duration.toMillis(at) >= minPeriod)
      ? undefined
      : `a scenario that repeats needs a step at ${minPeriod} millis or later`
  )
).annotations({ identifier: "Scenario" })

/** A validated scenario. */
export type Decoded = typeof ScenarioField.Type

const decode = Schema.decodeUnknown(ScenarioField, strict)

export const validate = (input: unknown): Effect.Effect<Decoded, ScenarioError> =>
  Effect.mapError(decode(input), error => new ScenarioError({ message: formatError(error) }))

const encode: (scenario: Decoded) => Scenario = Schema.encodeSync(ScenarioField)

/** The value of a text in YAML, of which JSON is a part. */
export const parseYaml = (text: string): Effect.Effect<unknown, ScenarioError> =>
  Effect.flatMap(Effect.promise(() => import("yaml")), ({ parseDocument }) => {
    const fail = (error: unknown) => {
      const [line = ""] = error instanceof Error ? error.message.split("\n") : []
      return Effect.fail(new ScenarioError({ message: line.replace(/:$/, "") || "invalid YAML" }))
    }
    // an alias without an anchor is an error of toJS, as many aliases are
    return Effect.catchAllDefect(
      Effect.suspend((): Effect.Effect<unknown, ScenarioError> => {
        const document = parseDocument(text)
        const [error] = document.errors
        return error === undefined ? Effect.succeed<unknown>(document.toJS()) : fail(error)
      }),
      fail
    )
  })

export const parse = (text: string): Effect.Effect<Scenario, ScenarioError> =>
  Effect.map(Effect.flatMap(parseYaml(text), validate), encode)

/** The steps in the order of time. */
export const stepsOf = ({ steps }: Decoded): ReadonlyArray<DecodedStep> => inOrder(steps).map(({ step }) => step)
