import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, ManagedRuntime } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { sessionResponse } from "./sessionResponse.ts"

const makeRuntime = () => ManagedRuntime.make(NodeSignalWire.layerConfig())

const globals: typeof globalThis & { signalWire?: ReturnType<typeof makeRuntime> } = globalThis

/** A reload in development evaluates this module again, and finds the runtime of the first time. */
const runtime = globals.signalWire ??= makeRuntime()

/** The id of the current request. A framework keeps its headers and cookies in the same way. */
export const requestId = new AsyncLocalStorage<string>()

/** The route handler: `app/sessions/[id]/route.ts`. */
export const GET = async (
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> }
): Promise<Response> => {
  const { id } = await params
  const found = Effect.map(sessionResponse(id), response => ({
    ...response,
    // code of Effect after the call has the store of its own request
    headers: { ...response.headers, "x-request-id": requestId.getStore() ?? "none" }
  }))
  // the first requests wait for the runtime here, and each continues with its own store
  await runtime.runtime()
  const { body, headers, status } = await runtime.runPromise(found, { signal: request.signal })
  return Response.json(body, { status, headers })
}
