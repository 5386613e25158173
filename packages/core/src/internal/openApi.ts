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

/** The enumerations of the contract are closed sets of strings. Those of the models are open, with the known values as examples. */
const closeEnum = (schema: JsonObject): JsonObject =>
  Array.isArray(schema.examples) ? { type: "string", enum: schema.examples.map(String) } : schema

const scalarKeys = ["type", "format", "minimum", "maximum", "default"]

const withScalarKeys = (schema: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => scalarKeys.includes(key)))

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

/** The contract requires nearly all keys, though the decoder does not, and allows unknown keys. */
const requireAll = (schema: JsonObject): JsonObject => {
  const { additionalProperties: _allowed, properties: _properties, required: _required, ...rest } = schema
  const properties = at(schema, "properties")
  const keys = Object.keys(properties)
  return keys.length === 0 ? rest : { ...rest, properties, required: keys }
}

export const links = "Video.PaginationLinks"
export const errorItem = "Types.StatusCodes.RestApiErrorItem"

/** The keys that the contract does not require. */
const optionalKeys: Readonly<Record<string, ReadonlyArray<string>>> = {
  [links]: ["next", "prev"],
  [errorItem]: ["attribute"],
  "Video.RoomSessionEvent": ["room_recording_id", "room_participant_id"]
}

const ofSession = [
  "tone_on_entry_and_exit",
  "room_join_video_off",
  "user_join_video_off",
  "locked",
  "created_at",
  "updated_at"
]

/** The fields that are never null in the contract. In the models they are null where the service sends null or nothing. */
const neverNull: Readonly<Record<string, ReadonlyArray<string>>> = {
  "Video.RoomSessionSummary": ofSession,
  "Video.RoomSession": [...ofSession, "cost_in_dollars", "enable_room_previews", "locked_cover"],
  "Video.RoomSessionMember": ["cost_in_dollars"],
  "Video.RoomSessionEvent": ["project_id", "room_id", "room_session_id", "room_recording_id", "room_participant_id"],
  "Video.RoomRecording": ["cost_in_dollars", "created_at", "updated_at"]
}

/** The type of a property that `rewriteAnyOf` has made nullable. */
const firstType = (property: Json): Json =>
  isObject(property) && Array.isArray(property.type) ? property.type[0] ?? null : null

const pageTexts = { links: "The links to the pages of the list.", data: "The items of the page." }

const texts: typeof fields = {
  ...fields,
  [links]: {
    self: "The URL of this page.",
    first: "The URL of the first page.",
    next: "The URL of the next page; absent at the end of the list.",
    prev: "The URL of the previous page; absent at the start of the list."
  },
  [errorItem]: fields["SignalWireErrorDetail"] ?? {},
  "Video.VideoStatusCode422": { errors: "One detail for each invalid parameter." }
}

/** Of the parameters of queries. */
const queryTexts: Readonly<Record<string, string>> = {
  room_id: "The id of the room that the sessions were started from.",
  room_name: "The name of the sessions.",
  room_name_matches: "A part of the name of the sessions.",
  status: "Whether the sessions are in progress or completed.",
  media_ttl: "The time for which the URLs of the files are valid, in seconds; 900 by default.",
  page_number: "The number of the page; above 0 only with the token of that page.",
  page_size: "The maximum number of items of a page.",
  page_token: "The token of the page, from the link to it."
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

const describeQuery = (parameter: Json): Json => {
  if (!isObject(parameter) || parameter.in !== "query" || typeof parameter.name !== "string") return parameter
  const description = queryTexts[parameter.name]
  return description === undefined ? parameter : { ...parameter, description }
}

const parametersOf = (operation: JsonObject): Array<Json> =>
  (Array.isArray(operation.parameters) ? operation.parameters : [])
    .map(describeQuery)
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

/** Adds the name as the title, and the descriptions of the fields. Removes the keys that are not required. */
const describe = (name: string, schema: JsonObject): JsonObject => {
  const { required } = schema
  if (!Array.isArray(required)) return { ...schema, title: name }
  const own = /^Video\.List\w+Response$/.test(name) ? pageTexts : texts[name] ?? {}
  const properties = mapValues(at(schema, "properties"), (property, key) => ({
    ...(isObject(property) ? property : {}),
    ...(neverNull[name]?.includes(key) === true ? { type: firstType(property) } : {}),
    ...(Object.hasOwn(own, key) ? { description: Reflect.get(own, key) } : {})
  }))
  return {
    ...schema,
    title: name,
    properties,
    required: required.filter(key => typeof key === "string" && optionalKeys[name]?.includes(key) !== true)
  }
}

export const transform = (document: JsonObject): JsonObject => {
  const named = mapValues(
    at(at(document, "components"), "schemas"),
    schema => isObject(schema) ? closeEnum(schema) : schema
  )

  const change = (object: JsonObject): JsonObject => {
    const name = referenced(object)
    if (name !== undefined && isScalar(at(named, name))) return withScalarKeys(at(named, name))
    if (isScalar(object)) return withScalarKeys(object)
    if (Array.isArray(object.anyOf)) return rewriteAnyOf(object, object.anyOf)
    if (object.type === "object") return requireAll(object)
    if ("operationId" in object) return { ...object, parameters: parametersOf(object) }
    if ("content" in object) {
      const schema = at(at(at(object, "content"), "application/json"), "schema")
      return { ...object, description: at(named, referenced(schema) ?? "").description ?? object.description ?? "" }
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
