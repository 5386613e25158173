/** The defaults in the tables of the README, compared with the behavior of a client that is not given the option. */
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Logger, LogLevel, Metric } from "effect"
import { readFileSync } from "node:fs"
import { inspect } from "node:util"
import { get } from "./faults/harness/call.ts"
import * as rawServer from "./faults/harness/rawServer.ts"
import { json } from "./faults/harness/scripts.ts"
import { session } from "./faults/harness/session.ts"

const rows = Array.from(
  readFileSync(new URL("../README.md", import.meta.url), "utf8").matchAll(/^\| `(\w+)` \| (.+) \|$/gm),
  ([, name = "", text = ""]) => [name, text] as const
)

/** ``` `strict`, the default ``` or ``` default `true` ```. */
const defaultOf = (text: string): string | undefined => {
  const [, before, after] = /`"?(\w+)"?`, the default|\bdefault `?(\w+)/.exec(text) ?? []
  return before ?? after
}

/** The values of each option that has a default, and a response to which the client behaves differently with each of them. */
const cases: Readonly<Record<string, readonly [values: ReadonlyArray<string>, response: string]>> = {
  SIGNALWIRE_DECODING: [["strict", "lenient"], session({ duration: -1 })],
  decoding: [["strict", "lenient"], session({ duration: -1 })],
  echo: [["check", "ignore"], session({ id: "ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d" })],
  tracePropagation: [["true", "false"], session()],
  metrics: [["true", "false"], session()]
}

const measuredOf = (port: number): string =>
  inspect(
    Metric.unsafeSnapshot().filter(({ metricKey: { tags } }) =>
      tags.some(({ key, value }) => key === "server.port" && value === String(port))
    ),
    { depth: 9 }
  )

/** What a call with a value of an option does; without a value, the option is not given. */
const observe = (name: string, response: string, value?: string) =>
  Effect.gen(function*() {
    const server = yield* rawServer.make([json(200, response)])
    // an earlier test may have had a server on the same port
    const before = measuredOf(server.port)
    const isVariable = name.startsWith("SIGNALWIRE_")
    const variables = {
      SIGNALWIRE_REST_BASE_URL: server.baseUrl,
      SIGNALWIRE_PROJECT_ID: "project",
      SIGNALWIRE_API_TOKEN: "token",
      ...isVariable && value !== undefined ? { [name]: value } : {}
    }
    const options: NodeSignalWire.ConfigOptions = isVariable || value === undefined
      ? {}
      : { [name]: ["true", "false"].includes(value) ? value === "true" : value }
    const result = yield* get.pipe(
      Effect.withSpan("caller"),
      Logger.withMinimumLogLevel(LogLevel.None),
      Effect.either,
      Effect.provide(NodeSignalWire.layerConfig(options)),
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
    )
    return {
      result: result._tag,
      isTraced: server.requests.some(request => /^traceparent:/im.test(request)),
      isMeasured: measuredOf(server.port) !== before
    }
  }).pipe(Effect.scoped)

describe("the README of node-runtime", () => {
  it("has a case in this test for each option with a default", () => {
    const names = rows.filter(([, text]) => defaultOf(text) !== undefined).map(([name]) => name)
    // NodeSignalWire.test.ts has the default of the decoder
    assert.sameMembers(names, [...Object.keys(cases), "decoder"])
  })

  it.live.each(Object.entries(cases))(
    "the default of %s in the table is what a client without it does",
    ([name, [values, response]]) =>
      Effect.gen(function*() {
        const stated = defaultOf(rows.find(([other]) => other === name)?.[1] ?? "")
        const actual = yield* observe(name, response)
        for (const value of values) {
          const isDefault = JSON.stringify(yield* observe(name, response, value)) === JSON.stringify(actual)
          assert.strictEqual(
            isDefault,
            value === stated,
            `change the default of ${name} in packages/node-runtime/README.md: it is ${isDefault ? "" : "not "}${value}`
          )
        }
      })
  )
})
