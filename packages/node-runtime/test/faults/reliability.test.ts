import { RequestPolicy } from "@effect-signalwire/core"
import { assert, describe, expect, it } from "@effect/vitest"
import { Duration, Struct } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { areas, matrix, type Sentence, titleOf } from "./harness/matrix.ts"
import type { Fault } from "./harness/matrix/fault.ts"

/** The sandbox depends on this package, so that its fault is tested there. */
const folders = [import.meta.dirname, join(import.meta.dirname, "../../../sandbox/test")]

const tests = folders
  .flatMap(folder => readdirSync(folder).filter(name => name.endsWith(".test.ts")).map(name => join(folder, name)))
  .map(file => readFileSync(file, "utf8"))
  .join("\n")

const countOf = (text: string): number => tests.split(JSON.stringify(text)).length - 1

const sentences: ReadonlyArray<Sentence> = Struct.keys(matrix)

describe("The fault matrix", () => {
  it("the matrix has one test for every fault", () => {
    const counts = sentences.map(sentence => [sentence, countOf(sentence) + countOf(titleOf(sentence))])
    assert.deepStrictEqual(counts.filter(([, count]) => count !== 1), [])
  })

  it("the faults are numbered from 1, each in one area", () => {
    const numbers = Object.values(areas).flatMap(faults => Object.values(faults).map(({ number }) => number))
    assert.deepStrictEqual(numbers.toSorted((a, b) => a - b), sentences.map((_, index) => index + 1))
  })
})

type Option = keyof RequestPolicy.Resolved

const options: Readonly<Record<Option, string>> = {
  attemptTimeout: "one attempt, from the moment that it has a connection to the last byte: it is one small GET",
  deadline: "the whole call, delays included; nothing of a call runs after it",
  maxRetries: "attempts after the first; 0 for one only",
  baseDelay: "the longest delay before the first retry; it doubles with each further one",
  maxDelay: "the limit of the doubling",
  retryBudget: "what all calls of a client share; `null` for no limit",
  rateLimit:
    "requests of a client in any interval, as `{ limit, interval }`; a request above it waits, which counts against the deadline; read when the layer is built",
  shutdownGrace: "how long calls in progress may continue when the layer is closed; read when the layer is built",
  maxBodyBytes:
    "the body of a 200; a session has less than 2 KiB. Default of a list 8 MiB: a page of 1,000 sessions has 900 KB",
  maxErrorBodyBytes: "what is read of any other body, within a second of its headers; the rest is not read",
  connectTimeout: "making a connection, which counts against the attempt; read when the transport is built",
  maxConnections:
    "connections to an origin; further calls wait in a queue, which counts against the deadline only; read when the transport is built",
  maxConnectionAge:
    "how long a connection takes new requests, so that a changed DNS record takes effect; read when the transport is built",
  maxHeaderBytes: "the headers of a response; read when the transport is built"
}

const bytes = (count: number): string => count % 1_048_576 === 0 ? `${count / 1_048_576} MiB` : `${count / 1024} KiB`

const defaultOf = (option: Option): string => {
  const value = RequestPolicy.defaults[option]
  const budget = RequestPolicy.defaults.retryBudget
  if (value === null) return "none"
  if (Duration.isDuration(value)) return Duration.format(value)
  if (typeof value === "number") return option.endsWith("Bytes") ? bytes(value) : String(value)
  assert.isNotNull(budget)
  const { capacity, refill, retryCost, timeoutCost } = budget
  return `${capacity} tokens; a retry costs ${retryCost}, after a timeout ${timeoutCost}; a success without a retry refills ${refill}`
}

/** Escapes Markdown, but not code between backticks. */
const cell = (text: string): string =>
  text.split(/(`[^`]*`)/).map(part => (part.startsWith("`") ? part : part.replace(/[|<[\]_*\\]/g, "\\$&"))).join("")

const policyTable = (): string =>
  [
    "| option | default | |",
    "|---|---|---|",
    ...Struct.keys(options).map(option => `| \`${option}\` | ${defaultOf(option)} | ${options[option]} |`)
  ].join("\n")

const retriedCell = (fault: Fault): string => (fault.retried === undefined ? "" : fault.retried ? "yes" : "no")

const faultRow = ([sentence, fault]: readonly [string, Fault]): string => {
  const exceptions = Object.entries(fault.exceptions ?? {}).map(([transport, what]) => `${transport}: ${cell(what)}`)
  const equivalent = fault.equivalent === undefined ? [] : [`(in the tests: ${cell(fault.equivalent)})`]
  const lines = [
    cell(sentence),
    ...(fault.detail === undefined ? [] : [cell(fault.detail)]),
    ...equivalent,
    ...exceptions
  ]
  return `| ${fault.number} | ${lines.join("<br>")} | ${retriedCell(fault)} |`
}

const faultTables = (): string =>
  Object.entries(areas).map(([area, faults]) =>
    [
      `### ${area}`,
      "",
      "| # | fault | retried |",
      "|--:|---|---|",
      ...Object.entries<Fault>(faults).map(faultRow)
    ].join("\n")
  ).join("\n\n")

const replaced = (text: string, section: string, content: string): string => {
  const pattern = new RegExp(`<!-- ${section} -->\\n[^]*<!-- /${section} -->`)
  assert.match(text, pattern)
  return text.replace(pattern, () => `<!-- ${section} -->\n\n${content}\n\n<!-- /${section} -->`)
}

describe("docs/reliability.md", () => {
  it("docs/reliability.md has the tables of the policy and of the matrix; `vitest -u` writes them", async () => {
    const file = join(import.meta.dirname, "../../../../docs/reliability.md")
    const text = readFileSync(file, "utf8")
    await expect(replaced(replaced(text, "policy", policyTable()), "faults", faultTables())).toMatchFileSnapshot(file)
  })
})
