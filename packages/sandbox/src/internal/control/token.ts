/** The token of the control endpoint. */
import * as Redacted from "effect/Redacted"
import { createHash, timingSafeEqual } from "node:crypto"

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Makes the function that compares a text with the token, in a time that says nothing about it. */
export const matches = (token: Redacted.Redacted): (given: string) => boolean => {
  const expected = digest(Redacted.value(token))
  return given => timingSafeEqual(digest(given), expected)
}

/** What an `Authorization` header with a missing or wrong token is told. */
export const expected = "Authorization: expected Bearer and the token of the control endpoint"

/** The token of an `Authorization` header; undefined for another scheme. */
export const ofHeader = (header: string | undefined): string | undefined => /^bearer +(\S+)$/i.exec(header ?? "")?.[1]
