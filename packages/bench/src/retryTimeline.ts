/** Draws when the attempts of a call begin and end, as SVG, by calls of the client under `TestClock`. */
import { RequestPolicy, RoomSessions, SignalWireClient } from "@effect-signalwire/core"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import * as vega from "vega"
import { compile, type TopLevelSpec } from "vega-lite"

interface Scenario {
  readonly title: string
  readonly policy: RequestPolicy.RequestPolicy
  /** The time of the service for its 500; infinity for a service that never responds. */
  readonly response: Duration.Duration
}

const scenarios: ReadonlyArray<Scenario> = [
  {
    title: "Defaults, a service that never responds",
    policy: RequestPolicy.defaults,
    response: Duration.infinity
  },
  {
    title: "Defaults, a 500 after 100 ms",
    policy: RequestPolicy.defaults,
    response: Duration.millis(100)
  },
  {
    title: "RequestPolicy.batch, a 500 after 100 ms",
    policy: RequestPolicy.batch,
    response: Duration.millis(100)
  }
]

interface Attempt {
  readonly begin: number
  readonly end: number
}

/** The attempts of one call, in milliseconds since its begin, and the time at which it fails. */
export interface Timeline {
  readonly attempts: ReadonlyArray<Attempt>
  readonly settled: number
}

/** @param random in [0, 1): 0 is the shortest delay */
const timelineOf = ({ policy, response }: Scenario, random: number): Effect.Effect<Timeline> =>
  Effect.gen(function*() {
    const attempts: Array<Attempt> = []
    const service = HttpClient.make(request =>
      Effect.flatMap(Clock.currentTimeMillis, begin =>
        Effect.sleep(response).pipe(
          Effect.as(HttpClientResponse.fromWeb(request, new Response(null, { status: 500 }))),
          Effect.onExit(() => Effect.map(Clock.currentTimeMillis, end => attempts.push({ begin, end })))
        ))
    )
    const sessions = RoomSessions.layer.pipe(
      Layer.provide(SignalWireClient.layer({
        space: "acme",
        projectId: "project",
        apiToken: Redacted.make("token"),
        policy
      })),
      Layer.provide(Layer.succeed(HttpClient.HttpClient, service)),
      Layer.orDie
    )
    const call = yield* Effect.flatMap(
      RoomSessions.RoomSessions,
      ({ get }) => get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
    ).pipe(
      Effect.exit,
      Effect.flatMap(exit => Exit.isFailure(exit) ? Clock.currentTimeMillis : Effect.dieMessage("no error")),
      Effect.withRandom(Random.fixed([random])),
      Effect.provide(sessions),
      Effect.fork
    )
    yield* TestClock.adjust({ ...RequestPolicy.defaults, ...policy }.deadline)
    return { attempts, settled: yield* Fiber.join(call) }
  }).pipe(Effect.provide(TestContext.TestContext), Effect.scoped)

/** A scenario with its longest and its shortest timeline. */
export type Drawn = readonly [scenario: Scenario, longest: Timeline, shortest: Timeline]

export const timelines: Effect.Effect<ReadonlyArray<Drawn>> = Effect.forEach(
  scenarios,
  scenario =>
    Effect.map(
      Effect.all([timelineOf(scenario, 1 - Number.EPSILON), timelineOf(scenario, 0)]),
      ([longest, shortest]) => [scenario, longest, shortest] as const
    )
)

const schemes = {
  light: {
    background: "#ffffff",
    text: "#1f2328",
    grid: "#d0d7de",
    attempt: "#2b6cb0",
    delay: "#b8c4d2"
  },
  dark: {
    background: "#161b22",
    text: "#e6edf3",
    grid: "#30363d",
    attempt: "#63a4e8",
    delay: "#4a5568"
  }
}

export type Scheme = keyof typeof schemes

const inSeconds = (millis: number): string => `${Number((millis / 1000).toFixed(2))} s`

/** `0.15 to 0.3 s` */
const range = (least: number, longest: number): string =>
  `${inSeconds(least).replace(" s", "")} to ${inSeconds(longest)}`

const delaysOf = ({ attempts }: Timeline): ReadonlyArray<number> =>
  attempts.slice(1).map(({ begin }, index) => begin - (attempts[index]?.end ?? 0))

type Panel = Extract<TopLevelSpec, { readonly vconcat: unknown }>["vconcat"][number]

const panel = (scheme: Scheme, [{ policy, title }, longest, shortest]: Drawn): Panel => {
  const color = schemes[scheme]
  const delays = delaysOf(longest)
  const least = delaysOf(shortest)
  const deadline = Duration.toMillis({ ...RequestPolicy.defaults, ...policy }.deadline)
  const isDeadline = longest.settled === deadline
  const rows = longest.attempts.map(({ begin, end }, index) => {
    const delay = delays[index]
    const next = delay === undefined ? end : end + delay
    const text = delay === undefined
      ? `fails after ${inSeconds(longest.settled)}${isDeadline ? ", at the deadline" : ""}`
      : range(least[index] ?? 0, delay)
    return { attempt: `attempt ${index + 1}`, begin: begin / 1000, end: end / 1000, next: next / 1000, text }
  })
  const y = { field: "attempt", type: "nominal", sort: null, title: null } as const
  const scale = { domain: [0, longest.settled * 1.35 / 1000] }
  const x = { type: "quantitative", title: "seconds", scale } as const
  return {
    title: { text: title, anchor: "start", fontSize: 13, color: color.text },
    width: 640,
    height: { step: 20 },
    data: { values: rows },
    layer: [
      {
        mark: { type: "bar", height: 6, color: color.delay },
        encoding: { y, x: { ...x, field: "end" }, x2: { field: "next" } }
      },
      {
        mark: { type: "bar", height: 12, color: color.attempt, stroke: color.attempt },
        encoding: { y, x: { ...x, field: "begin" }, x2: { field: "end" } }
      },
      {
        mark: { type: "text", align: "left", dx: 8, fontSize: 11, color: color.text },
        encoding: { y, x: { ...x, field: "next" }, text: { field: "text" } }
      }
    ]
  }
}

/** The timelines of all scenarios, one below the other. */
export const draw = async (
  scheme: Scheme,
  drawn: ReadonlyArray<Drawn>
): Promise<string> => {
  const { background, grid, text } = schemes[scheme]
  const spec: TopLevelSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background,
    padding: 12,
    spacing: 24,
    vconcat: drawn.map(timeline => panel(scheme, timeline)),
    resolve: { scale: { x: "independent", y: "independent" } },
    config: {
      font: "sans-serif",
      view: { stroke: null },
      axis: { labelColor: text, titleColor: text, grid: false, domainColor: grid, tickColor: grid }
    }
  }
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none" })
  return `${await view.toSVG()}\n`
}
