/** The 422 of an invalid parameter. */
import { SignalWireError } from "@effect-signalwire/core"

const errorCodes = "https://signalwire.com/docs/apis/error-codes"

const error = (code: string, message: string, attribute?: string): SignalWireError.UnprocessableContent =>
  new SignalWireError.UnprocessableContent({
    details: [
      new SignalWireError.ErrorDetail({
        type: "validation_error",
        code,
        message,
        ...(attribute === undefined ? {} : { attribute }),
        url: `${errorCodes}#${code}`
      })
    ]
  })

export const pageTokenIsInvalid = error("page_token_is_invalid", "Page token is invalid")

export const pageTokenIsMissing = error(
  "missing_required_parameter",
  "Page token is required when page number is greater than 0",
  "page_token"
)

const messages: ReadonlyMap<string, string> = new Map([
  ["page_number", "Page number must be a whole number of at least 0"],
  ["page_size", "Page size must be a whole number from 1 to 1000"],
  ["media_ttl", "Media ttl must be a whole number of at least 0"],
  ["room_id", "Room id must be a UUID"],
  ["status", "Status must be in-progress or completed"]
])

/** The 422 of any parameter, as respondNext(422) has it. */
export const invalidParameter = error("invalid_parameter", "A parameter is invalid")

/** @param name the name of a parameter of the query */
export const invalid = (name: string): SignalWireError.UnprocessableContent =>
  name === "page_token"
    ? pageTokenIsInvalid
    : error("invalid_parameter", messages.get(name) ?? `${name} is invalid`, name)
