/** Gets one session with undici inside an effect, and decodes four of its fields with Schema. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Pool } from "undici"
import { basic, id, path } from "../session.ts"

const [origin = ""] = process.argv.slice(2)

const Session = Schema.Struct({
  id: Schema.UUID,
  name: Schema.NullishOr(Schema.String),
  locked: Schema.Boolean,
  created_at: Schema.DateTimeUtc
})

const get = Effect.tryPromise(async (): Promise<unknown> => {
  const { body } = await new Pool(origin).request({ path, method: "GET", headers: { authorization: basic } })
  return body.json()
})

const session = await Effect.runPromise(Effect.flatMap(get, Schema.decodeUnknown(Session)))
if (session.id !== id) process.exit(1)
process.exit()
