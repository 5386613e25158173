import { SignalWireClient } from "@effect-signalwire/core"
import { FetchHttpClient, HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Context, type Duration, Effect, FiberRef, Layer, Logger, LogLevel, Option } from "effect"
import { inspect } from "node:util"
import { credentials, get, getOver, sessions } from "../support/client.ts"
import { textsIn } from "../support/reachable.ts"
import { connectionError, ok, serverError } from "../support/responses.ts"
import { body } from "../support/sessions.ts"
import { type Base, transports } from "../support/transports.ts"
import { within } from "../support/within.ts"

type Transform = (client: HttpClient.HttpClient) => HttpClient.HttpClient

const pair = Buffer.from(`${credentials.projectId}:PTtopsecret`).toString("base64")

const assertNoSecret = (text: string) => {
  for (const secret of ["topsecret", pair]) assert.notInclude(text, secret)
}

const toJson = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ""
  } catch {
    return "a circular value"
  }
}

const inspectAll = (value: unknown): string =>
  inspect(value, { depth: Infinity, showHidden: true, maxStringLength: 10_000 })

/** Shows that a walk finds what is in a FiberRef. */
const marker = "text of the caller"
const markerRef = FiberRef.unsafeMake("")

/** What a transform can reach at one moment. */
interface Reached {
  readonly when: string
  /** Its fiber with its FiberRefs and its context, and what the transform was given. */
  readonly texts: string
  readonly shown: string
}

/** Records what the code of a fiber can reach. Inspecting a fiber takes 0.3 s, a walk over its properties a tenth of that. */
const makeLook = () => {
  const reached: Array<Reached> = []
  const look = (when: string, ...values: ReadonlyArray<unknown>) =>
    Effect.withFiberRuntime<void>(fiber =>
      Effect.map(Effect.all([Effect.getFiberRefs, Effect.context<never>()]), ([refs, context]) => {
        const inspected = when === "response" ? [fiber, ...values] : values
        reached.push({
          when,
          texts: textsIn(fiber, refs, context, ...values),
          shown: [...inspected.map(inspectAll), ...[refs, context, ...values].map(toJson)].join("\n")
        })
      })
    )
  return { look, reached }
}

const assertClean = (reached: ReadonlyArray<Reached>, times: ReadonlyArray<string>) => {
  assert.deepStrictEqual(reached.map(({ when }) => when), times)
  for (const { shown, texts } of reached) {
    assert.include(texts, marker)
    assertNoSecret(texts)
    assertNoSecret(shown)
  }
}

const callUnder = (base: Base, transformClient: Transform, duration: Duration.DurationInput) =>
  Effect.provide(get(), sessions(base, { transformClient })).pipe(Effect.locally(markerRef, marker), within(duration))

describe.each(transports)("the credentials under a transform over %s", (_, over) => {
  it.effect("are not in the fiber, its FiberRefs and context, the client, a request, a response or an error", () =>
    Effect.gen(function*() {
      const { look, reached } = makeLook()
      const looks: Transform = client =>
        client.pipe(
          HttpClient.tapRequest(request => look("request", request, client)),
          HttpClient.tap(response => look("response", response, response.request)),
          HttpClient.tapError(error => look("error", error))
        )
      const base = over(connectionError("ECONNRESET"), ok)
      yield* callUnder(base, looks, "1 minute")
      assert.isTrue(base.requests.every(({ headers }) => headers["authorization"] === `Basic ${pair}`))
      assertClean(reached, ["request", "error", "request", "response"])
    }))

  it.effect("are not in a daemon that it forks, during and after the call", () =>
    Effect.gen(function*() {
      const { look, reached } = makeLook()
      const forks = HttpClient.tapRequest(request =>
        Effect.forkDaemon(
          Effect.zipRight(look("at first", request), Effect.delay(look("later", request), "10 seconds"))
        )
      )
      yield* callUnder(over({ ...ok, after: 1000 }), forks, "10 seconds")
      assertClean(reached, ["at first", "later"])
    }))

  it.effect("are not in a logger that prints everything of its log lines, and of those of the library", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const prints = Logger.make(options => {
        lines.push(`${String(options.message)}\n${textsIn(options)}`)
      })
      const logs: Transform = client =>
        client.pipe(
          HttpClient.tapRequest(request => Effect.log("of the transform", request)),
          HttpClient.tap(response => Effect.log("of the transform", response)),
          HttpClient.tapError(error => Effect.logError("of the transform", error))
        )
      const layer = Layer.merge(
        sessions(over(serverError, connectionError("ECONNRESET"), ok), { transformClient: logs }),
        Logger.replace(Logger.defaultLogger, prints)
      )
      yield* Effect.provide(get(), layer).pipe(Logger.withMinimumLogLevel(LogLevel.All), within("1 minute"))
      assert.lengthOf(lines.filter(line => line.startsWith("of the transform")), 6)
      assert.lengthOf(lines.filter(line => line.startsWith("RoomSessions.get")), 3)
      lines.forEach(assertNoSecret)
    }))
})

const fetchReturning = (requests: Array<Headers>): typeof globalThis.fetch => (_, init) => {
  requests.push(new Headers(init?.headers))
  return Promise.resolve(new Response(body(), { headers: { "content-type": "application/json" } }))
}

class Tenant extends Context.Tag("Tenant")<Tenant, string>() {}

/** Reads a service of the context, as middleware of an application below the client does. */
const belowReading = (seen: Array<string | undefined>) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.mapRequestEffect(request =>
        Effect.map(Effect.serviceOption(Tenant), tenant => {
          seen.push(Option.getOrUndefined(tenant))
          return request
        })
      )
    )
  ).pipe(Layer.provide(FetchHttpClient.layer))

const ways: ReadonlyArray<
  readonly [
    name: string,
    call: (base: Base, transform: Transform) => ReturnType<typeof getOver>
  ]
> = [
  ["transformClient", (base, transformClient) => getOver(base, { transformClient })],
  ["withTransform", (base, transform) => SignalWireClient.withTransform(transform)(getOver(base))]
]

describe.each(ways)("services under %s", (_, call) => {
  it.effect("a service that a transform provides does not reach the HttpClient below, which has those of the caller", () =>
    Effect.gen(function*() {
      const [ofCaller, ofTransform]: [Array<Headers>, Array<Headers>] = [[], []]
      const tenants: Array<string | undefined> = []
      const provides: Transform = HttpClient.transformResponse(response =>
        response.pipe(
          Effect.provideService(FetchHttpClient.Fetch, fetchReturning(ofTransform)),
          Effect.provideService(Tenant, "of the transform")
        )
      )
      yield* call({ layer: belowReading(tenants) }, provides).pipe(
        Effect.provideService(FetchHttpClient.Fetch, fetchReturning(ofCaller)),
        Effect.provideService(Tenant, "of the caller")
      )
      assert.deepStrictEqual(ofTransform, [])
      assert.deepStrictEqual(ofCaller.map(headers => headers.get("authorization")), [`Basic ${pair}`])
      assert.deepStrictEqual(tenants, ["of the caller"])
    }))
})
