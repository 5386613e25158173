/** Rewrites the document that `OpenApi.fromApi` derives from the schemas to the form of the vendor's document. */
import { fields } from "./descriptions.ts"

type Json = null | boolean | number | string | Array<Json> | JsonObject

interface JsonObject {
  readonly [key: string]: Json
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json)

const at = (json: JsonObject, key: string): JsonObject => {
  const value = json[key]
  return isObject(value) ? value : {}
}

const mapValues = (json: JsonObject, change: (value: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(json).map(([key, value]) => [key, change(value, key)]))

/** Rewrites every object, the innermost first. */
const rewrite = (json: Json, change: (object: JsonObject) => JsonObject): Json =>
  Array.isArray(json)
    ? json.map(item => rewrite(item, change))
    : isObject(json)
    ? change(mapValues(json, value => rewrite(value, change)))
    : json

const refPrefix = "#/components/schemas/"

const referenced = (json: JsonObject): string | undefined =>
  typeof json.$ref === "string" ? json.$ref.slice(refPrefix.length) : undefined

const scalars: ReadonlyArray<Json | undefined> = ["string", "integer", "number", "boolean"]

/** A type that has no name in the vendor's document. There, its format takes the place of Effect's name and filters. */
const isScalar = (schema: JsonObject): boolean => scalars.includes(schema.type) && !("enum" in schema)

const typeAndFormat = ({ format, type }: JsonObject): JsonObject => ({
  ...(type === undefined ? {} : { type }),
  ...(format === undefined ? {} : { format })
})

const isNull = (json: Json): boolean => isObject(json) && json.type === "null"

/** `anyOf` with null in the vendor's form, and without the error that `HttpApi.make` adds to each endpoint. */
const rewriteAnyOf = (schema: JsonObject, anyOf: Array<Json>): JsonObject => {
  const own = anyOf.filter(one => !isObject(one) || referenced(one) !== "HttpApiDecodeError")
  const [first] = own
  if (own.length === 1 && isObject(first)) return first
  const value = own.find(one => !isNull(one))
  if (own.length !== 2 || !own.some(isNull) || !isObject(value)) return schema
  return "$ref" in value ? { oneOf: own } : { ...value, type: [value.type ?? null, "null"] }
}

/** The contract requires all keys, though the decoder does not, and allows unknown keys. */
const requireAll = (schema: JsonObject): JsonObject => {
  const { additionalProperties: _allowed, ...rest } = schema
  return { ...rest, required: Object.keys(at(schema, "properties")) }
}

export const authorization =
  "Basic authentication: the project id is the user name, an API token with the Video scope is the password."

const authorizationParameter: JsonObject = {
  name: "Authorization",
  in: "header",
  description: authorization,
  required: true,
  schema: { type: "string" }
}

const parametersOf = (operation: JsonObject): Array<Json> =>
  (Array.isArray(operation.parameters) ? operation.parameters : [])
    .concat([authorizationParameter])

/** The names of the schemas that a value refers to, directly or indirectly. */
const reachable = (json: Json, schemas: JsonObject, found = new Set<string>()): ReadonlySet<string> => {
  rewrite(json, object => {
    const name = referenced(object)
    if (name !== undefined && !found.has(name)) {
      found.add(name)
      reachable(at(schemas, name), schemas, found)
    }
    return object
  })
  return found
}

/** Adds the name as the title, and the descriptions of the fields. */
const describe = (name: string, schema: JsonObject): JsonObject => {
  const texts = fields[name]
  if (texts === undefined) return { ...schema, title: name }
  const properties = mapValues(at(schema, "properties"), (property, key) => ({
    ...(isObject(property) ? property : {}),
    ...(texts[key] === undefined ? {} : { description: texts[key] })
  }))
  return { ...schema, title: name, properties }
}

export const transform = (document: JsonObject): JsonObject => {
  const named = at(at(document, "components"), "schemas")

  const change = (object: JsonObject): JsonObject => {
    const name = referenced(object)
    if (name !== undefined && isScalar(at(named, name))) return typeAndFormat(at(named, name))
    if (isScalar(object)) return typeAndFormat(object)
    if (Array.isArray(object.anyOf)) return rewriteAnyOf(object, object.anyOf)
    if (object.type === "object") return requireAll(object)
    if ("operationId" in object) return { ...object, parameters: parametersOf(object) }
    if ("content" in object) {
      const schema = at(at(at(object, "content"), "application/json"), "schema")
      return { ...object, description: at(named, referenced(schema) ?? "").description ?? "" }
    }
    return object
  }

  const paths = rewrite(document.paths ?? {}, change)
  const changed = mapValues(named, schema => rewrite(schema, change))
  const used = reachable(paths, changed)
  const schemas = Object.fromEntries(
    Object.entries(changed).flatMap(([name, schema]) =>
      used.has(name) && isObject(schema) ? [[name, describe(name, schema)]] : []
    )
  )
  return { ...document, paths, components: { ...at(document, "components"), schemas } }
}
