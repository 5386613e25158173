/** Servers of mockttp, for faults that are valid HTTP. */
import { Effect, type Scope } from "effect"
import { type CompletedRequest, getLocal, type Mockttp } from "mockttp"
import type { Target } from "./call.ts"

export interface MockResponse {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Echoes the credentials of the request: in place of `{authorization}` in the body, and as the request id. */
  readonly echo?: boolean
}

export type MockResponses = readonly [MockResponse, ...ReadonlyArray<MockResponse>]

export interface MockServer {
  /** Responds to requests below a path: to request n with the n-th response, to all further ones with the last. */
  readonly serve: (path: string, responses: MockResponses) => Effect.Effect<Target>
}

const textOf = (header: string | ReadonlyArray<string> | undefined): string => [header ?? ""].flat().join(", ")

const toMockttp = ({ body = "", echo, headers, status }: MockResponse, authorization: string) => ({
  statusCode: status,
  headers: { ...headers, ...(echo === true ? { "x-request-id": authorization } : {}) },
  rawBody: Buffer.from(body.replaceAll("{authorization}", JSON.stringify(authorization).slice(1, -1)))
})

const serve = async (server: Mockttp, path: string, responses: MockResponses) => {
  const requests: Array<CompletedRequest> = []
  await server.forGet(new RegExp(`^/${path}/api/video/`)).always().thenCallback(request => {
    const number = requests.push(request)
    const response = responses[Math.min(number, responses.length) - 1] ?? responses[0]
    return toMockttp(response, textOf(request.headers["authorization"]))
  })
  return { baseUrl: `http://127.0.0.1:${server.port}/${path}`, requests }
}

export const make: Effect.Effect<MockServer, never, Scope.Scope> = Effect.gen(function*() {
  const server = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const made = getLocal()
      await made.start()
      return made
    }),
    made => Effect.promise(() => made.stop())
  )
  return { serve: (path, responses) => Effect.promise(() => serve(server, path, responses)) }
})
