/** Responds to calls from given sessions, members, events and recordings, as the service does. */
import * as Either from "effect/Either"
import type * as Endpoint from "../../Endpoint.ts"
import { RoomSession, RoomSessionSummary } from "../../RoomSession.ts"
import { NotFound, UnprocessableContent } from "../../SignalWireError.ts"
import type { Operation, SpecOf } from "../../endpoints/index.ts"
import type { Data } from "../RoomSessionsTest.ts"
import { invalidPageToken } from "./invalidPageToken.ts"
import type { Respond } from "./scriptedClient.ts"
import { TestSetupError } from "./testSetupError.ts"

/** The parameters of all operations. The client has validated them. */
type Query = Partial<Endpoint.Input<SpecOf<"RoomSessions.list">>> & { readonly id?: string }

type Kind = keyof Data

const kinds: { readonly [K in Kind]: { readonly singular: string; readonly fixture: string } } = {
  sessions: { singular: "session", fixture: "RoomSessionFixture" },
  members: { singular: "member", fixture: "RoomSessionMemberFixture" },
  events: { singular: "event", fixture: "RoomSessionEventFixture" },
  recordings: { singular: "recording", fixture: "RoomRecordingFixture" }
}

/** An empty object is not data: it is an empty list of sessions by id. */
export const isData = (value: object): value is Data => {
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every(key => Object.hasOwn(kinds, key))
}

const isSame = (id: string | null, other: string | undefined): boolean =>
  id !== null && id.toLowerCase() === other?.toLowerCase()

/** The session as `get` returns it. */
const toSummary = (session: RoomSessionSummary): RoomSessionSummary =>
  session instanceof RoomSessionSummary ? session : new RoomSessionSummary(session)

const listedOnly = { cost_in_dollars: null, enable_room_previews: null, locked_cover: null }

/** The session as `list` returns it. */
const toListed = (session: RoomSessionSummary): RoomSession =>
  session instanceof RoomSession ? session : new RoomSession(Object.assign({ ...listedOnly }, session))

const duplicate = (kind: Kind, items: ReadonlyArray<{ readonly id: string }>): string | undefined => {
  const { fixture, singular } = kinds[kind]
  return new Set(items.map(({ id }) => id.toLowerCase())).size === items.length
    ? undefined
    : `two ${kind} have the same id. ${fixture}.id(2) is the id of a second ${singular}`
}

/** An item of a session that is not given is in the list of no session. */
const orphan = (kind: Exclude<Kind, "sessions">, { sessions, ...others }: Data): string | undefined => {
  const found = others[kind]?.find(({ room_session_id }) =>
    room_session_id !== null && sessions?.some(({ id }) => isSame(id, room_session_id)) === false
  )
  return found &&
    `the ${kinds[kind].singular} ${found.id} is of the session ${found.room_session_id}, which is not given`
}

const validate = (owner: string, data: Data): TestSetupError | undefined => {
  const [problem] = [
    duplicate("sessions", data.sessions ?? []),
    ...(["members", "events", "recordings"] as const).flatMap(kind => [
      duplicate(kind, data[kind] ?? []),
      orphan(kind, data)
    ])
  ].filter(found => found !== undefined)
  return problem === undefined ? undefined : new TestSetupError(`${owner}: ${problem}`)
}

const defaultPageSize = 50

/** A page token is the number of the items before the page. */
const offsetOf = (token: string | undefined): number | undefined => {
  if (token === undefined) return 0
  const digits = /^after-(\d{1,9})$/.exec(token)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

const page = (
  operation: Operation,
  items: ReadonlyArray<unknown>,
  { page_number = 0, page_size = defaultPageSize, page_token }: Query
): unknown => {
  const offset = offsetOf(page_token)
  if (offset === undefined) return new UnprocessableContent({ operation, details: [invalidPageToken] })
  const end = offset + page_size
  const next = end < items.length
    ? `?page_number=${page_number + 1}&page_size=${page_size}&page_token=after-${end}`
    : null
  return { links: { next }, data: items.slice(offset, end) }
}

const matches = (session: RoomSession, { room_id, room_name, room_name_matches, status }: Query): boolean =>
  (room_id === undefined || isSame(session.room_id, room_id)) &&
  (room_name === undefined || session.name === room_name) &&
  (room_name_matches === undefined || (session.name ?? "").includes(room_name_matches)) &&
  (status === undefined || session.status === status)

/** Undefined where the items that the operation reads are not given. */
type Operations = { readonly [O in Operation]: (parameters: Query) => unknown }

const operationsOf = ({ events, members, recordings, sessions }: Data): Operations => {
  const summaries = sessions?.map(toSummary)
  const listed = sessions?.map(toListed)
  const paged = <A>(
    operation: Operation,
    items: ReadonlyArray<A> | undefined,
    isIn: (item: A, parameters: Query) => boolean
  ) =>
  (parameters: Query) => items && page(operation, items.filter(item => isIn(item, parameters)), parameters)
  const ofSession = ({ room_session_id }: { readonly room_session_id: string | null }, { id }: Query) =>
    isSame(room_session_id, id)
  return {
    "RoomSessions.get": ({ id }) => summaries && (summaries.find(session => isSame(session.id, id)) ?? new NotFound()),
    "RoomSessions.list": paged("RoomSessions.list", listed, matches),
    "RoomSessions.members": paged("RoomSessions.members", members, ofSession),
    "RoomSessions.events": paged("RoomSessions.events", events, ofSession),
    "RoomSessions.recordings": paged("RoomSessions.recordings", recordings, ofSession),
    "RoomRecordings.get": ({ id }) =>
      recordings &&
      (recordings.find(recording => isSame(recording.id, id)) ?? new NotFound({ operation: "RoomRecordings.get" })),
    "RoomRecordings.list": paged("RoomRecordings.list", recordings, () => true),
    "RoomRecordings.events": paged(
      "RoomRecordings.events",
      events,
      ({ room_recording_id }, { id }) => isSame(room_recording_id, id)
    )
  }
}

const reads: { readonly [O in Operation]: Kind } = {
  "RoomSessions.get": "sessions",
  "RoomSessions.list": "sessions",
  "RoomSessions.members": "members",
  "RoomSessions.events": "events",
  "RoomSessions.recordings": "recordings",
  "RoomRecordings.get": "recordings",
  "RoomRecordings.list": "recordings",
  "RoomRecordings.events": "events"
}

const isOperation = (name: string): name is Operation => Object.hasOwn(reads, name)

/** Makes the responses of data without contradictions. */
export const make = (owner: string, data: Data): Either.Either<Respond, TestSetupError> => {
  const error = validate(owner, data)
  if (error !== undefined) return Either.left(error)
  const operations = operationsOf(data)
  return Either.right(({ name }, parameters) => {
    const response = isOperation(name) ? operations[name](parameters) : undefined
    if (response !== undefined) return Either.right(response)
    const missing = isOperation(name) ? `was called, and no ${reads[name]} are given` : "is not provided"
    return Either.left(new TestSetupError(`${owner}: ${name} ${missing}`))
  })
}
