/** Pages of a list of room sessions as the service sends them. */
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import type { Script } from "./rawServer.ts"
import { json } from "./scripts.ts"
import { wireSession } from "./session.ts"

export const path = "/api/video/room_sessions"

/** The link to the page of a token. */
export const link = (token: string | number): string => `${path}?page_number=1&page_size=50&page_token=${token}`

/** A page with a session for each number. */
export const pageBody = (numbers: ReadonlyArray<number>, next?: string): string =>
  JSON.stringify({
    links: { self: path, first: path, ...(next === undefined ? {} : { next }) },
    data: numbers.map(n => ({
      ...wireSession,
      id: RoomSessionFixture.id(n),
      cost_in_dollars: 0.05,
      enable_room_previews: true,
      locked_cover: "https://acme.example/cover.png"
    }))
  })

export const page = (numbers: ReadonlyArray<number>, next?: string): Script => json(200, pageBody(numbers, next))

/** The page tokens of requests, by their heads; undefined for the first page. */
export const tokensOf = (heads: ReadonlyArray<string>): ReadonlyArray<string | undefined> =>
  heads.map(head => /^GET \S*[?&]page_token=([^&\s]*)/.exec(head)?.[1])
