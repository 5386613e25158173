import { RequestPolicy } from "@effect-signalwire/core"
import { assert, describe, expect, it } from "@effect/vitest"
import { Duration, Struct } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { matrix } from "./harness/matrix.ts"

/** The sandbox is above this package, so its row is tested there. */
const folders = [import.meta.dirname, join(import.meta.dirname, "../../../sandbox/test")]

const tested = folders
  .flatMap(folder => readdirSync(folder).filter(name => name.endsWith(".test.ts")).map(name => join(folder, name)))
  .flatMap(
    file => [...readFileSync(file, "utf8").matchAll(/\b(?:row|once|cases|against|mocked|waits)\(\s*(\d+),/g)]
  )
  .map(([, number]) => Number(number))

describe("The fault matrix", () => {
  it("has a test for every row, and only one", () => {
    assert.deepStrictEqual(tested.toSorted((a, b) => a - b), Object.keys(matrix).map(Number))
  })

  it("says retried and not retried in words", () => {
    const texts = Object.values(matrix).flatMap((
      { exceptions, promise }
    ) => [promise, ...Object.values(exceptions ?? {})])
    assert.deepStrictEqual(texts.filter(text => /\b[RN]\b(?!-)/.test(text)), [])
  })
})

type Option = keyof RequestPolicy.Resolved

const options: Readonly<Record<Option, string>> = {
  attemptTimeout: "one attempt, from the moment that it has a connection to the last byte: it is one small GET",
  deadline: "the whole call, waits included; nothing of a call goes on after it",
  maxRetries: "attempts after the first; 0 for one only",
  baseDelay: "the longest wait before the first retry; it doubles with each further one",
  maxDelay: "where the doubling ends",
  retryBudget: "what all calls of a client share; `null` for no limit",
  maxBodyBytes: "the body of a 200; a session has less than 2 KiB",
  maxErrorBodyBytes: "what is read of any other body, within a second of its head; the rest is not waited for",
  connectTimeout: "making a connection, or it eats the attempt; read when the transport is built",
  maxConnections:
    "connections to an origin; further calls wait, which counts against the deadline only; read when the transport is built",
  maxConnectionAge:
    "how long a connection is used for new requests, so that a changed DNS record is followed; read when the transport is built",
  maxHeaderBytes: "the headers of a response; read when the transport is built"
}

const bytes = (count: number): string => count % 1_048_576 === 0 ? `${count / 1_048_576} MiB` : `${count / 1024} KiB`

const shown = (option: Option): string => {
  const value = RequestPolicy.defaults[option]
  if (value === null) return "none"
  if (Duration.isDuration(value)) return Duration.format(value)
  if (typeof value === "number") return option.endsWith("Bytes") ? bytes(value) : String(value)
  const { capacity, refill, retryCost, timeoutCost } = value
  return `${capacity} tokens; a retry costs ${retryCost}, after a timeout ${timeoutCost}; a success at once gives back ${refill}`
}

const cell = (text: string): string => text.replace(/[|<[\]_*`\\]/g, "\\$&")

const policyTable = (): string =>
  [
    "| option | default | |",
    "|---|---|---|",
    ...Struct.keys(options).map(option => `| \`${option}\` | ${shown(option)} | ${options[option]} |`)
  ].join("\n")

const faultTables = (): string => {
  const rows = Object.entries(matrix)
  const groups = [...new Set(rows.map(([, { group }]) => group))]
  return groups.map(group =>
    [
      `### ${group}`,
      "",
      "| # | what happens | what the caller sees |",
      "|--:|---|---|",
      ...rows.filter(([, row]) => row.group === group).map(([number, row]) => {
        const exceptions = Object.entries(row.exceptions ?? {}).map(([transport, what]) =>
          `<br>${transport}: ${cell(what)}`
        )
        const how = row.equivalent === undefined ? "" : `<br>(in the tests: ${row.equivalent})`
        return `| ${number} | ${cell(row.stimulus)}${how} | ${cell(row.promise)}${exceptions.join("")} |`
      })
    ].join("\n")
  ).join("\n\n")
}

const replaced = (text: string, section: string, content: string): string => {
  const pattern = new RegExp(`<!-- ${section} -->\\n[^]*<!-- /${section} -->`)
  assert.match(text, pattern)
  return text.replace(pattern, () => `<!-- ${section} -->\n\n${content}\n\n<!-- /${section} -->`)
}

describe("docs/reliability.md", () => {
  it("has the tables of the policy and the matrix as they are; `vitest -u` writes them", async () => {
    const file = join(import.meta.dirname, "../../../../docs/reliability.md")
    const text = readFileSync(file, "utf8")
    await expect(replaced(replaced(text, "policy", policyTable()), "faults", faultTables())).toMatchFileSnapshot(file)
  })
})
