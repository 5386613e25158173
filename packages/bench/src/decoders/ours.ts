/** Our decoder, which is internal and has no export: the built module is read from beside. */
import { RoomSession } from "@effect-signalwire/core"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type * as decodeModule from "../../../core/src/internal/decode.ts"

export const ours = async () => {
  const { href } = new URL("../../../core/dist/internal/decode.js", import.meta.url)
  const { make }: typeof decodeModule = await import(href)
  const decode = make(RoomSession.RoomSessionSummary)
  return (bytes: Uint8Array): boolean => Either.isRight(decode([bytes]))
}

export const bySchema = () => {
  const decode = Schema.decodeUnknownEither(RoomSession.RoomSessionSummary)
  return (text: string): boolean => Either.isRight(decode(JSON.parse(text)))
}
