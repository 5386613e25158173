/** The declared endpoints, by the name of their operation. */
import type { Endpoint } from "../Endpoint.ts"
import * as roomRecordings from "./roomRecordings.ts"
import * as roomSessions from "./roomSessions.ts"

export const endpoints = {
  "RoomSessions.get": roomSessions.get,
  "RoomSessions.list": roomSessions.list,
  "RoomSessions.members": roomSessions.members,
  "RoomSessions.events": roomSessions.events,
  "RoomSessions.recordings": roomSessions.recordings,
  "RoomRecordings.get": roomRecordings.get,
  "RoomRecordings.list": roomRecordings.list,
  "RoomRecordings.events": roomRecordings.events
} as const satisfies Readonly<Record<string, Endpoint>>

export type Operation = keyof typeof endpoints

export type SpecOf<O extends Operation> = (typeof endpoints)[O]["spec"]
