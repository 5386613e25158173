/** Our decoder. The one for bytes is internal and not exported, so its built module is imported by path. */
import { Page, RoomSession } from "@effect-signalwire/core"
import * as FastDecoder from "@effect-signalwire/core/FastDecoder"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type * as decodeModule from "../../../core/src/internal/response/decode.ts"

export const fromText = () => {
  const decode = FastDecoder.make(RoomSession.RoomSessionSummary)
  return (text: string): boolean => Either.isRight(decode(text))
}

export const fromBytes = async () => {
  const internal = new URL("../../../core/dist/internal/response/decode.js", import.meta.url).href
  const { make }: typeof decodeModule = await import(internal)
  const decode = make(RoomSession.RoomSessionSummary, FastDecoder.make, false)
  return (bytes: Uint8Array): boolean => Either.isRight(decode([bytes], () => {}))
}

export const bySchema = () => {
  const decode = Schema.decodeUnknownEither(RoomSession.RoomSessionSummary)
  return (text: string): boolean => Either.isRight(decode(JSON.parse(text)))
}

export const pageFromText = () => {
  const decode = FastDecoder.make(Page.of(RoomSession.RoomSession))
  return (text: string): boolean => Either.isRight(decode(text))
}

export const pageBySchema = () => {
  const decode = Schema.decodeUnknownEither(Page.of(RoomSession.RoomSession))
  return (text: string): boolean => Either.isRight(decode(JSON.parse(text)))
}
