/** Generates the tables of `docs/fields.md` from the models and their docstrings: run with `-u` after a model has changed. */
import { assert, describe, expect, it } from "@effect/vitest"
import { BigDecimal, DateTime, Duration, Either, Predicate, Schema } from "effect"
import { readFileSync } from "node:fs"
import { RoomSession, RoomSessionSummary } from "../src/RoomSession.ts"

interface Kind {
  readonly wire: string
  readonly memory: string
  readonly unit: string
  readonly sample: unknown
  readonly is: (value: unknown) => boolean
}

const text: Kind = { wire: "string", memory: "`string`", unit: "", sample: "a", is: Predicate.isString }
const uuid: Kind = { ...text, wire: "string: a UUID", sample: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d" }
const flag: Kind = { ...text, wire: "boolean", memory: "`boolean`", sample: true, is: Predicate.isBoolean }
const time: Kind = {
  wire: "string: an RFC 3339 date-time",
  memory: "`DateTime.Utc`",
  unit: "milliseconds, UTC",
  sample: "2026-01-31T23:59:59Z",
  is: DateTime.isDateTime
}
const open = (known: string, sample: unknown): Kind => ({
  ...text,
  wire: "string",
  memory: `${known}, or \`Unrecognized\``,
  sample
})

/** By the schema in the source of a model, without `nullable`. */
const kinds: Readonly<Record<string, Kind>> = {
  RoomSessionId: { ...uuid, memory: "`RoomSessionId`: a branded `string`" },
  Uuid: uuid,
  "Schema.String": text,
  "Schema.Boolean": flag,
  Flag: flag,
  Integer: { ...text, wire: "whole number", memory: "`number`", sample: 20, is: Predicate.isNumber },
  VideoQuality: open("`\"720p\"`, `\"1080p\"`", "720p"),
  VideoFps: { ...open("`\"20\"`, `\"30\"`", 20), wire: "number, or a string with one", unit: "frames per second" },
  RoomSessionStatus: open("`\"in-progress\"`, `\"completed\"`", "completed"),
  Timestamp: time,
  RecordTime: time,
  Seconds: {
    wire: "whole number of at least 0",
    memory: "`Duration`",
    unit: "seconds on the wire",
    sample: 90,
    is: Duration.isDuration
  },
  Dollars: {
    wire: "number, or a string with one",
    memory: "`BigDecimal`",
    unit: "US dollars",
    sample: 0.05,
    is: BigDecimal.isBigDecimal
  }
}

const source = readFileSync(new URL("../src/RoomSession.ts", import.meta.url), "utf8")

const bodyOf = (model: string): string =>
  new RegExp(`export class ${model} extends [^]*?\\(\\{\\n([^]*?)\\n\\}`).exec(source)?.[1] ?? ""

interface Field {
  readonly name: string
  readonly kind: Kind
  readonly isNullable: boolean
  readonly paragraphs: ReadonlyArray<string>
}

const declaration = /^ {2}\/\*\*(?<docstring>[^]*?)\*\/\n {2}(?<name>\w+): (?<schema>[^\n]+?),?$/gm

const fieldsOf = (model: string): ReadonlyArray<Field> =>
  Array.from(bodyOf(model).matchAll(declaration), ({ groups = {} }) => {
    const { docstring = "", name = "", schema = "" } = groups
    const inner = /^nullable\((?<inner>[\w.]+)/.exec(schema)?.groups?.["inner"]
    const kind = kinds[inner ?? schema]
    assert.isDefined(kind, `the kind of ${name}: ${schema}`)
    const paragraphs = docstring.replaceAll(/^ *\* ?/gm, "").trim().split(/\n\n/)
    return {
      name,
      kind,
      isNullable: inner !== undefined || schema === "Flag" || schema === "RecordTime",
      paragraphs: paragraphs.map(paragraph => paragraph.replaceAll("\n", " "))
    }
  })

const nullPattern = /^null (?:in|when|where|while) .*$/i

/** What null means: what the docstring says, or that nothing is known of it. */
const nullOf = ({ isNullable, paragraphs: [summary = "", ...others] }: Field): string => {
  if (!isNullable) return "never null"
  const said = [summary.split("; ")[1] ?? "", ...others].find(part => nullPattern.test(part))
  return said === undefined ? "not set, or not known" : said.replace(/^null /i, "").replace(/\.$/, "")
}

const row = (field: Field): string => {
  const { kind: { memory, unit, wire }, name, paragraphs: [summary = "", ...others] } = field
  const [first = "", second = ""] = summary.split("; ")
  const said = [second.startsWith("null ") || second === "" ? first : summary, ...others]
    .filter(part => !nullPattern.test(part))
    .map(part => part.replace(/\.$/, ""))
  return `| \`${name}\` | ${said.join(". ")} | ${wire} | ${memory} | ${unit} | ${nullOf(field)} |`
}

const table = (fields: ReadonlyArray<Field>): string =>
  ["| field | | on the wire | in memory | unit | null |", "|---|---|---|---|---|---|", ...fields.map(row)].join("\n")

const summary = fieldsOf("RoomSessionSummary")
const added = fieldsOf("RoomSession")

const replaced = (page: string, section: string, content: string): string => {
  const pattern = new RegExp(`<!-- ${section} -->\\n[^]*<!-- /${section} -->`)
  assert.match(page, pattern)
  return page.replace(pattern, () => `<!-- ${section} -->\n\n${content}\n\n<!-- /${section} -->`)
}

describe("docs/fields.md", () => {
  const all = [...summary, ...added]
  const wire = Object.fromEntries(all.map(({ kind, name }) => [name, kind.sample]))
  const decode = Schema.decodeUnknownEither(RoomSession)

  it("the tables have every field of a session and of a session of a list", () => {
    const names = summary.map(({ name }) => name)
    assert.deepStrictEqual(names, Object.keys(RoomSessionSummary.fields))
    assert.deepStrictEqual(all.map(({ name }) => name), Object.keys(RoomSession.fields))
  })

  it("each field has in memory the type of its table", () => {
    const session = Either.getOrThrow(decode(wire))
    for (const { kind, name } of all) assert.isTrue(kind.is(Reflect.get(session, name)), name)
  })

  it("a field that can be null is null where it is missing, and any other is required", () => {
    for (const { isNullable, name } of all) {
      const { [name]: _, ...rest } = wire
      const session = decode(rest)
      assert.strictEqual(Either.isRight(session), isNullable, name)
      if (Either.isRight(session)) assert.isNull(Reflect.get(session.right, name), name)
    }
  })

  it("docs/fields.md has the tables of the fields; `vitest -u` writes them", async () => {
    const file = new URL("../../../docs/fields.md", import.meta.url)
    const page = readFileSync(file, "utf8")
    await expect(replaced(replaced(page, "get", table(summary)), "list", table(added)))
      .toMatchFileSnapshot(file.pathname)
  })
})
