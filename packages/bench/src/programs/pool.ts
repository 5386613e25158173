/** Gets one session with undici, checking nothing. */
import { Pool } from "undici"
import { basic, id, path } from "../session.ts"

const [origin = ""] = process.argv.slice(2)

const { body } = await new Pool(origin).request({ path, method: "GET", headers: { authorization: basic } })
const session: unknown = await body.json()
if (Reflect.get(Object(session), "id") !== id) process.exit(1)
process.exit()
