/** The error detail of the service for a page token that it does not know. */
import { ErrorDetail } from "../../SignalWireError.ts"

export const invalidPageToken = new ErrorDetail({
  type: "validation_error",
  code: "page_token_is_invalid",
  message: "Page token is invalid",
  attribute: "page_token",
  url: "https://signalwire.com/docs/apis/error-codes#page_token_is_invalid"
})
