/** Our decoder, which is internal and has no export: the built modules are read from beside. */
import { RoomSession } from "@effect-signalwire/core"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type * as decodeModule from "../../../core/src/internal/decode.ts"
import type * as fastDecodeModule from "../../../core/src/internal/fastDecode.ts"

const internal = (name: string): string => new URL(`../../../core/dist/internal/${name}.js`, import.meta.url).href

export const fromText = async () => {
  const { make }: typeof fastDecodeModule = await import(internal("fastDecode"))
  const decode = make(RoomSession.RoomSessionSummary)
  return (text: string): boolean => Either.isRight(decode(text))
}

export const fromBytes = async () => {
  const { make }: typeof decodeModule = await import(internal("decode"))
  const decode = make(RoomSession.RoomSessionSummary)
  return (bytes: Uint8Array): boolean => Either.isRight(decode([bytes]))
}

export const bySchema = () => {
  const decode = Schema.decodeUnknownEither(RoomSession.RoomSessionSummary)
  return (text: string): boolean => Either.isRight(decode(JSON.parse(text)))
}
