/** The schemas of a session for validators without transformations. Date-times are strings, which is the fastest schema of each. */
import { Ajv } from "ajv"
import { type } from "arktype"
import { Type } from "typebox"
import { Compile } from "typebox/compile"
import * as v from "valibot"

const uuid = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"

export const valibot = () => {
  const text = v.nullish(v.string())
  const seconds = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)))
  const flag = v.nullish(v.boolean())
  const schema = v.object({
    id: v.pipe(v.string(), v.uuid()),
    room_id: v.nullish(v.pipe(v.string(), v.uuid())),
    name: text,
    display_name: text,
    max_members: v.nullish(v.pipe(v.number(), v.integer())),
    quality: text,
    fps: v.nullish(v.union([v.string(), v.number()])),
    join_from: text,
    join_until: text,
    remove_at: text,
    remove_after_seconds_elapsed: seconds,
    layout: text,
    record_on_start: v.boolean(),
    tone_on_entry_and_exit: v.boolean(),
    room_join_video_off: v.boolean(),
    user_join_video_off: v.boolean(),
    locked: v.boolean(),
    start_time: text,
    end_time: text,
    duration: seconds,
    status: text,
    created_at: v.string(),
    updated_at: v.string(),
    preview_url: text,
    prioritize_handraise: flag,
    sync_audio_video: flag
  })
  return (input: unknown): boolean => v.safeParse(schema, input).success
}

export const ajv = () => {
  const nullable = (type: string, more: object = {}) => ({ type: [type, "null"], ...more })
  const text = nullable("string")
  const seconds = nullable("integer", { minimum: 0 })
  const flag = { type: "boolean" }
  const properties = {
    id: { type: "string", pattern: uuid },
    room_id: nullable("string", { pattern: uuid }),
    name: text,
    display_name: text,
    max_members: nullable("integer"),
    quality: text,
    fps: { type: ["string", "number", "null"] },
    join_from: text,
    join_until: text,
    remove_at: text,
    remove_after_seconds_elapsed: seconds,
    layout: text,
    record_on_start: flag,
    tone_on_entry_and_exit: flag,
    room_join_video_off: flag,
    user_join_video_off: flag,
    locked: flag,
    start_time: text,
    end_time: text,
    duration: seconds,
    status: text,
    created_at: { type: "string" },
    updated_at: { type: "string" },
    preview_url: text,
    prioritize_handraise: nullable("boolean"),
    sync_audio_video: nullable("boolean")
  }
  const required = Object.entries(properties).flatMap(([key, { type }]) => typeof type === "string" ? [key] : [])
  const validate = new Ajv({ allowUnionTypes: true }).compile({ type: "object", properties, required })
  return (input: unknown): boolean => validate(input)
}

export const arktype = () => {
  const schema = type({
    id: "string.uuid",
    "room_id?": "string.uuid | null",
    "name?": "string | null",
    "display_name?": "string | null",
    "max_members?": "number.integer | null",
    "quality?": "string | null",
    "fps?": "string | number | null",
    "join_from?": "string | null",
    "join_until?": "string | null",
    "remove_at?": "string | null",
    "remove_after_seconds_elapsed?": "number.integer >= 0 | null",
    "layout?": "string | null",
    record_on_start: "boolean",
    tone_on_entry_and_exit: "boolean",
    room_join_video_off: "boolean",
    user_join_video_off: "boolean",
    locked: "boolean",
    "start_time?": "string | null",
    "end_time?": "string | null",
    "duration?": "number.integer >= 0 | null",
    "status?": "string | null",
    created_at: "string",
    updated_at: "string",
    "preview_url?": "string | null",
    "prioritize_handraise?": "boolean | null",
    "sync_audio_video?": "boolean | null"
  })
  return (input: unknown): boolean => !(schema(input) instanceof type.errors)
}

export const typebox = () => {
  const nullish = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
  const text = nullish(Type.String())
  const seconds = nullish(Type.Integer({ minimum: 0 }))
  const flag = nullish(Type.Boolean())
  const validator = Compile(Type.Object({
    id: Type.String({ pattern: uuid }),
    room_id: nullish(Type.String({ pattern: uuid })),
    name: text,
    display_name: text,
    max_members: nullish(Type.Integer()),
    quality: text,
    fps: nullish(Type.Union([Type.String(), Type.Number()])),
    join_from: text,
    join_until: text,
    remove_at: text,
    remove_after_seconds_elapsed: seconds,
    layout: text,
    record_on_start: Type.Boolean(),
    tone_on_entry_and_exit: Type.Boolean(),
    room_join_video_off: Type.Boolean(),
    user_join_video_off: Type.Boolean(),
    locked: Type.Boolean(),
    start_time: text,
    end_time: text,
    duration: seconds,
    status: text,
    created_at: Type.String(),
    updated_at: Type.String(),
    preview_url: text,
    prioritize_handraise: flag,
    sync_audio_video: flag
  }))
  return (input: unknown): boolean => validator.Check(input) || validator.Errors(input).length === 0
}
