/** The declared endpoints, by the name of their operation. */
import type { Endpoint } from "../Endpoint.ts"
import * as roomSessions from "./roomSessions.ts"

export const endpoints = {
  "RoomSessions.get": roomSessions.get
} as const satisfies Readonly<Record<string, Endpoint>>

export type Operation = keyof typeof endpoints

export type SpecOf<O extends Operation> = (typeof endpoints)[O]["spec"]
