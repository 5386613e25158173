/** The file of `--sessions`: what a space contains, as the service writes it, in YAML, JSON or a JSON document for each line. */
import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { formatError } from "../fields.ts"
import { parseYaml } from "../scenario/scenario.ts"
import { uuidOf } from "../space/uuid.ts"
import { defaults } from "../space/wireSession.ts"

const Fields = Schema.Record({ key: Schema.String, value: Schema.Unknown })

/** A session of the list has a cost, and one of get has none. */
const isListed = (fields: typeof Fields.Type): boolean => "cost_in_dollars" in fields

const decodeSession = (fields: typeof Fields.Type, index: number) => {
  const complete = {
    id: uuidOf(`session ${index} of a file`),
    created_at: null,
    updated_at: null,
    ...defaults,
    ...fields
  }
  return isListed(fields)
    ? ParseResult.decodeUnknown(RoomSession.RoomSession)({
      enable_room_previews: null,
      locked_cover: null,
      ...complete
    })
    : ParseResult.decodeUnknown(RoomSession.RoomSessionSummary)(complete)
}

type Session = RoomSession.RoomSessionSummary | RoomSession.RoomSession

/** Fields that are not given are null or off. Unknown fields are ignored, as the client does. */
const Sessions = Schema.Array(Fields)

const Contents = Schema.Struct({
  sessions: Sessions,
  members: Schema.optional(Schema.Array(RoomSessionMember.RoomSessionMember)),
  events: Schema.optional(Schema.Array(RoomSessionEvent.RoomSessionEvent)),
  recordings: Schema.optional(Schema.Array(RoomRecording.RoomRecording))
})

/** An array is of sessions. */
const decodeContents = (value: unknown) =>
  Schema.decodeUnknown(Contents)(Array.isArray(value) ? { sessions: value } : value)

const isLines = (path: string): boolean => /\.(?:ndjson|jsonl)$/.test(path)

const parseLines = (text: string) =>
  Effect.forEach(text.split("\n").filter(line => line.trim() !== ""), line => parseYaml(line))

export interface SessionsFile {
  readonly sessions: ReadonlyArray<Session>
  readonly members: typeof Contents.Type.members
  readonly events: typeof Contents.Type.events
  readonly recordings: typeof Contents.Type.recordings
}

/** The error says where, and what was expected. */
export const parse = (path: string, text: string): Effect.Effect<SessionsFile, string> =>
  Effect.gen(function*() {
    const value = yield* Effect.mapError<unknown, { readonly message: string }, never, string>(
      isLines(path) ? parseLines(text) : parseYaml(text),
      ({ message }) => message
    )
    const { events, members, recordings, sessions } = yield* Effect.mapError(decodeContents(value), formatError)
    const decoded = yield* Effect.forEach(sessions, (fields, index) =>
      Effect.mapError(
        decodeSession(fields, index),
        issue => `sessions.${index}.${formatError(ParseResult.parseError(issue))}`
      ))
    yield* Effect.forEach(Object.entries({ sessions: decoded, members, events, recordings }), ([kind, items = []]) => {
      const ids = items.map(({ id }) => id.toLowerCase())
      const known = new Set<string>()
      const index = ids.findIndex(id => known.size === known.add(id).size)
      return index === -1
        ? Effect.void
        : Effect.fail(`${kind}.${index}.id: expected another id than that of an item before, got ${ids[index]}`)
    })
    return { sessions: decoded, members, events, recordings }
  })
