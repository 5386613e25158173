/** Generates the tables of `docs/policy.md` from the policy: run with `-u` after an option or a default has changed. */
import { assert, describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Exit, Struct } from "effect"
import { readFileSync } from "node:fs"
import * as RequestPolicy from "../src/RequestPolicy.ts"

type Option = keyof RequestPolicy.Resolved

interface Description {
  readonly unit: "duration" | "count" | "bytes" | "tokens" | "requests in an interval"
  readonly bounds: string
}

const options: Readonly<Record<Option, Description>> = {
  attemptTimeout: {
    unit: "duration",
    bounds: "one attempt, from when it has a connection to use or to open, to the last byte of the response"
  },
  deadline: {
    unit: "duration",
    bounds: "the whole call, in a list each page: the wait for a connection, all attempts, the delays between them"
  },
  maxRetries: { unit: "count", bounds: "attempts after the first; 0 for one attempt" },
  baseDelay: {
    unit: "duration",
    bounds: "the longest delay before the first retry; it doubles with each further one; the shortest is half of it"
  },
  maxDelay: { unit: "duration", bounds: "the doubled delay" },
  retryBudget: {
    unit: "tokens",
    bounds:
      "the retries of all calls of a client during an outage; `null` for no limit; its `capacity` is read when the layer is built"
  },
  rateLimit: {
    unit: "requests in an interval",
    bounds:
      "requests of a client in any interval, retries included, as `{ limit, interval }`; one above it waits, which counts against the deadline"
  },
  shutdownGrace: { unit: "duration", bounds: "how long calls in progress may continue when the layer is closed" },
  maxBodyBytes: {
    unit: "bytes",
    bounds: "the body of a 200; the default of a list is 8 MiB"
  },
  maxErrorBodyBytes: {
    unit: "bytes",
    bounds: "what is read of any other body, within a second of its headers; the rest is not read"
  },
  connectTimeout: {
    unit: "duration",
    bounds:
      "opening a connection, which counts against the attempt; the lookup of the host before it has twice this time"
  },
  maxConnections: {
    unit: "count",
    bounds: "open connections to an origin; further requests wait in a queue, which counts against the deadline only"
  },
  maxConnectionAge: {
    unit: "duration",
    bounds: "how long a connection is used for new requests, so that a changed DNS record takes effect"
  },
  maxHeaderBytes: { unit: "bytes", bounds: "the headers of a response" }
}

/** The options that the Node transport reads; over an `HttpClient` of an application they have no effect. */
const ofTransport: ReadonlyArray<Option> = ["connectTimeout", "maxConnections", "maxConnectionAge", "maxHeaderBytes"]

/** `RequestPolicy.with` rejects the options that are read when a layer is built. */
const isOfLayer = (option: Option): boolean =>
  Exit.isFailure(Effect.runSyncExit(
    RequestPolicy.with(Struct.pick(RequestPolicy.defaults, option))(Effect.void)
  ))

const bytes = (count: number): string => count % 1_048_576 === 0 ? `${count / 1_048_576} MiB` : `${count / 1024} KiB`

const valueOf = (option: Option, policy: RequestPolicy.RequestPolicy): string => {
  const value = policy[option]
  if (value === undefined) return ""
  if (value === null) return "none"
  if (Duration.isDuration(value)) return Duration.format(value)
  if (typeof value === "number") return options[option].unit === "bytes" ? bytes(value) : String(value)
  if ("limit" in value) return `${value.limit} in ${Duration.format(value.interval)}`
  const { capacity, refill, retryCost, timeoutCost } = value
  return `${capacity} tokens; a retry costs ${retryCost}, after a timeout ${timeoutCost}; a success at the first attempt puts back ${refill}`
}

const readBy = (option: Option): string =>
  ofTransport.includes(option)
    ? "the Node transport, when its layer is built"
    : isOfLayer(option)
    ? "the layer, when it is built"
    : "each call"

const table = (): string =>
  [
    "| option | unit | default | limits | read by |",
    "|---|---|---|---|---|",
    ...Struct.keys(options).map(option => {
      const { bounds, unit } = options[option]
      return `| \`${option}\` | ${unit} | ${valueOf(option, RequestPolicy.defaults)} | ${bounds} | ${readBy(option)} |`
    })
  ].join("\n")

const presets = { defaults: RequestPolicy.defaults, noRetries: RequestPolicy.noRetries, batch: RequestPolicy.batch }

const presetTable = (): string => {
  const changed = Struct.keys(options).filter(option =>
    valueOf(option, presets.noRetries) !== "" || valueOf(option, presets.batch) !== ""
  )
  return [
    `| option | ${Object.keys(presets).map(name => `\`${name}\``).join(" | ")} |`,
    "|---|---|---|---|",
    ...changed.map(option =>
      `| \`${option}\` | ${Object.values(presets).map(policy => valueOf(option, policy)).join(" | ")} |`
    )
  ].join("\n")
}

const replaced = (page: string, section: string, content: string): string => {
  const pattern = new RegExp(`<!-- ${section} -->\\n[^]*<!-- /${section} -->`)
  assert.match(page, pattern)
  return page.replace(pattern, () => `<!-- ${section} -->\n\n${content}\n\n<!-- /${section} -->`)
}

describe("docs/policy.md", () => {
  it("docs/policy.md has the options and the presets; `vitest -u` writes them", async () => {
    const file = new URL("../../../docs/policy.md", import.meta.url)
    const page = readFileSync(file, "utf8")
    await expect(replaced(replaced(page, "options", table()), "presets", presetTable()))
      .toMatchFileSnapshot(file.pathname)
  })
})

/** The sentences elsewhere that have numbers of the default policy. */
const sentences = (): ReadonlyArray<readonly [file: string, sentence: string]> => {
  const { attemptTimeout, deadline, maxBodyBytes, maxConnections, maxRetries, shutdownGrace } = RequestPolicy.defaults
  const [attempt, call] = [Duration.toSeconds(attemptTimeout), Duration.toSeconds(deadline)]
  return [
    [
      "README.md",
      `up to ${maxRetries + 1} attempts of ${attempt} seconds each, and ends within ${call} seconds`
    ],
    ["README.md", `| ${attempt} s for an attempt, ${call} s for the call |`],
    ["README.md", `| ${bytes(maxBodyBytes)}; an option |`],
    ["packages/core/README.md", `within ${call} seconds by default`],
    ["packages/node-runtime/README.md", `at most ${maxConnections} connections to an origin`],
    [
      "packages/node-runtime/README.md",
      `\`shutdownGrace\` of the policy (default ${Duration.toSeconds(shutdownGrace)})`
    ]
  ]
}

describe("the numbers of the default policy", () => {
  it.each(sentences())("%s says: %s", (file, sentence) => {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8").replaceAll(/\s+/g, " ")
    assert.include(text, sentence, `change the sentence in ${file}, or in this test`)
  })
})
