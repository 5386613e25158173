import { RequestPolicy } from "@effect-signalwire/core"
import { Duration } from "effect"
import { runtime } from "./runtime.ts"
import { sessionResponse } from "./sessionResponse.ts"

interface Event {
  readonly pathParameters?: { readonly id?: string }
}

interface Context {
  readonly getRemainingTimeInMillis: () => number
}

// outside of the handler: all invocations of this instance share the runtime, and it is not disposed between them
await runtime.runtime()

// Lambda sends it before it ends an instance, if the function has an extension
process.once("SIGTERM", () => void runtime.dispose().then(() => process.exit(0)))

export const handler = async ({ pathParameters }: Event, context: Context) => {
  // the rest of the invocation is for the response: without it, Lambda ends the call and reports no cause
  const deadline = Duration.millis(Math.max(1, context.getRemainingTimeInMillis() - 500))
  const { body, headers, status } = await runtime.runPromise(
    sessionResponse(pathParameters?.id ?? "").pipe(RequestPolicy.with({ deadline }))
  )
  return {
    statusCode: status,
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body)
  }
}
