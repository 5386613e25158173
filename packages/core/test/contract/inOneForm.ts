/** Rewrites the vendor's document of room sessions to the form of its document of get, in which `VideoApi` is written. */

export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json)

const isList = (json: Json | undefined): json is ReadonlyArray<Json> => Array.isArray(json)

const mapValues = (json: JsonObject, change: (value: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(json).map(([key, value]) => [key, change(value, key)]))

/** Rewrites every object, the innermost first. */
const rewrite = (json: Json, change: (object: JsonObject) => Json): Json =>
  isList(json)
    ? json.map(item => rewrite(item, change))
    : isObject(json)
    ? change(mapValues(json, value => rewrite(value, change)))
    : json

const without = (json: JsonObject, ...keys: ReadonlyArray<string>): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)))

const isNull = (json: Json): boolean => isObject(json) && json["type"] === "null"

const toOneForm = (object: JsonObject): Json => {
  const { $ref, allOf, anyOf } = object
  // an id has no schema of its own
  if ($ref === "#/components/schemas/uuid") return { type: "string", format: "uuid" }
  // allOf of one schema only adds a description to a reference
  if (isList(allOf)) return allOf[0] ?? null
  if (isList(anyOf)) {
    const value = anyOf.find(one => !isNull(one))
    return !isObject(value) || "$ref" in value
      ? { oneOf: anyOf }
      : { ...value, type: [value["type"] ?? null, "null"] }
  }
  // objects are open in the document of get, and for the client; `explode` does not concern parameters with one value
  return without(object, "unevaluatedProperties", "explode")
}

/** The document of get has no widths; a recording can have more bytes than 32 bits count. */
const withoutWidth = (object: JsonObject): Json => object["format"] === "int32" ? without(object, "format") : object

export const schemas = (contract: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(contract).filter(([name]) => name !== "uuid").flatMap(([name, schema]) => {
      const rewritten = rewrite(rewrite(schema, toOneForm), withoutWidth)
      if (!isObject(rewritten)) return []
      const [, status] = /^Types\.StatusCodes\.StatusCode(\d+)$/.exec(name) ?? []
      const named = { ...rewritten, title: name }
      if (status === undefined) return [[name, named]]
      // the text of an error has a schema of its own
      const errorName = `TypesStatusCodesStatusCode${status}Error`
      const { properties } = rewritten
      const error = isObject(properties) ? properties["error"] : undefined
      return [
        [name, { ...named, properties: { error: { $ref: `#/components/schemas/${errorName}` } } }],
        [errorName, isObject(error) ? { ...error, title: errorName } : {}]
      ]
    })
  )

/** With each parameter in its place, and not by reference. */
export const operation = (
  contract: JsonObject,
  parameters: JsonObject
): JsonObject & { readonly parameters: ReadonlyArray<Json> } => {
  const inPlace = rewrite(contract, object => {
    const { $ref } = object
    const prefix = "#/components/parameters/"
    return typeof $ref === "string" && $ref.startsWith(prefix) ? parameters[$ref.slice(prefix.length)] ?? null : object
  })
  const rewritten = rewrite(inPlace, toOneForm)
  const own = isObject(rewritten) ? rewritten : {}
  return { ...own, parameters: isList(own["parameters"]) ? own["parameters"] : [] }
}
