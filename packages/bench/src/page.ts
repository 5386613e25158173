/** A page of a list: 1,000 sessions, the most that the service sends, with their cost. */
import { id, session } from "./session.ts"

export const pageText = JSON.stringify({
  links: { self: "/api/video/room_sessions", first: "/api/video/room_sessions", next: "?page_number=1&page_token=b" },
  data: Array.from({ length: 1000 }, (_, index) => ({
    ...session,
    id: id.slice(0, -4) + String(index).padStart(4, "0"),
    cost_in_dollars: (1297 + index) / 10_000,
    enable_room_previews: true,
    locked_cover: null
  }))
})

const lastLocked = pageText.lastIndexOf("\"locked\":false")

/** The page with one invalid value in its last session. */
export const invalidPageText = pageText.slice(0, lastLocked) +
  pageText.slice(lastLocked).replace("\"locked\":false", "\"locked\":\"no\"")
