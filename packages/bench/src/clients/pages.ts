/** A client by hand that follows the pages of a list: `Pool.request`, JSON.parse and zod. */
import { Pool } from "undici"
import { pageWithDates, pageWithText } from "../decoders/zod.ts"
import { basic } from "../session.ts"
import { connectOptions, type Target } from "../target.ts"

const headers = { accept: "application/json", authorization: basic }

/** Returns a function that reads so many pages and returns the last session. */
export const listWithZod = (dates: "text" | "dates", pages: number) => (target: Target) => {
  const schema = dates === "text" ? pageWithText : pageWithDates
  const pool = new Pool(target.origin, { connections: 32, ...connectOptions(target) })
  const list = "/api/video/room_sessions"
  return async (): Promise<unknown> => {
    let path = `${list}?page_size=1000`
    let last: unknown
    for (let page = 0; page < pages; page++) {
      // oxlint-disable-next-line no-await-in-loop -- a page has the link to the next one
      const { body } = await pool.request({ path, method: "GET", headers })
      // oxlint-disable-next-line no-await-in-loop
      const { data, links } = schema.parse(JSON.parse(await body.text()))
      path = `${list}${links?.next ?? ""}`
      last = data.at(-1)
    }
    return last
  }
}
