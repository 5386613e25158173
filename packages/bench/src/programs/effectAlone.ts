/** Gets one session with undici inside an effect, checking nothing. */
import * as Effect from "effect/Effect"
import { Pool } from "undici"
import { basic, id, path } from "../session.ts"

const [origin = ""] = process.argv.slice(2)

const get = Effect.tryPromise(async (): Promise<unknown> => {
  const { body } = await new Pool(origin).request({ path, method: "GET", headers: { authorization: basic } })
  return body.json()
})

const session = await Effect.runPromise(get)
if (Reflect.get(Object(session), "id") !== id) process.exit(1)
process.exit()
