/** Generates `src/internal/descriptions.ts` from the docstrings: run with `-u` after a docstring has changed. */
import * as core from "@effect-signalwire/core"
import { assert, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { readdirSync, readFileSync } from "node:fs"

const src = new URL("../src/", import.meta.url)

const sources = readdirSync(src).filter(name => name.endsWith(".ts")).map(name =>
  readFileSync(new URL(name, src), "utf8")
)

/** The first paragraph of a docstring, in one line. */
const summary = (docstring = ""): string => {
  const [paragraph = ""] = docstring.replaceAll(/^ *\* ?/gm, "").trim().split(/\n\n/)
  return paragraph.replaceAll("\n", " ").replace(/^\*+ */, "").trim()
}

const model =
  /^export class (\w+) extends Schema\.Class<\w+>\("((?:Video\.|SignalWireErrorDetail)[^"]*)"\)\(\{\n(.*?)^\}/gms
const spread = /^ {2}\.\.\.(\w+)\.fields,$/gm
const field = /^ {2}\/\*\*(.*?)\*\/\n {2}(\w+):/gms

const declared = sources.flatMap(source =>
  [...source.matchAll(model)].map(([, name, identifier = "", body = ""]) => ({ name, identifier, body }))
)

/** The fields of a model, after those of the model that it extends. */
const fieldsOf = (body: string): ReadonlyArray<readonly [string | undefined, string]> => [
  ...[...body.matchAll(spread)].flatMap(([, name]) =>
    fieldsOf(declared.find(other => other.name === name)?.body ?? "")
  ),
  ...[...body.matchAll(field)].map(([, docstring, key]) => [key, summary(docstring)] as const)
]

const models = declared.map(({ body, identifier }) => [identifier, fieldsOf(body)] as const)

/** `404: the project has no such resource.` */
const status = /^\/\*\*\n \* (\d{3}): (.*?)\*\/\nexport class/gms

const statuses = sources.flatMap(source =>
  [...source.matchAll(status)].map(([, code, docstring]) => {
    const text = summary(docstring)
    return [code, text.charAt(0).toUpperCase() + text.slice(1)] as const
  })
)

const entries = (lines: ReadonlyArray<readonly [string | undefined, string]>, indent: string): string =>
  lines.map(([key, text]) => `${indent}${key}: ${JSON.stringify(text)}`).join(",\n")

const text = `// dprint-ignore-file
/** Generated from the docstrings of the models and errors: \`vitest packages/core/test/descriptions.test.ts -u\`. */

/** Of each field of a model, by the model's identifier. */
export const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${models.map(([identifier, lines]) => `  ${JSON.stringify(identifier)}: {\n${entries(lines, "    ")}\n  }`).join(",\n")}
}

/** Of each status that has an error class of its own. */
export const statuses: Readonly<Record<number, string>> = {
${entries(statuses, "  ")}
}
`

/** Read from the schemas, since the pattern for the sources finds no field without a docstring. */
const withoutDocstring = Object.values(core).flatMap(module =>
  Object.values(module).filter((value): value is typeof core.RoomSession.RoomSession =>
    Schema.isSchema(value) && "identifier" in value && /^Video\.|^SignalWireErrorDetail$/.test(String(value.identifier))
  )
).flatMap(({ fields, identifier }) => {
  const described = new Map(models.find(([name]) => name === identifier)?.[1])
  return Object.keys(fields).filter(name => !described.get(name)).map(name => `${name} of ${identifier}`)
})

it("each field of a model has a docstring", () => {
  assert.deepStrictEqual(withoutDocstring, [], "fields without a docstring in packages/core/src")
})

it("the descriptions of the OpenAPI document are the docstrings; `vitest -u` writes them", async () => {
  await expect(text).toMatchFileSnapshot(new URL("internal/descriptions.ts", src).pathname)
})
