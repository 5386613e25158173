/** Servers of mockttp, for all that is proper HTTP. */
import { Effect, type Scope } from "effect"
import { type CompletedRequest, getLocal, type Mockttp } from "mockttp"
import type { Target } from "./row.ts"

/** What answers requests below a path; of several replies each is given once, the last for ever. */
export interface MockServer {
  readonly serve: (path: string, replies: readonly [Reply, ...ReadonlyArray<Reply>]) => Effect.Effect<Target>
}

export interface Reply {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Gives the request's credentials back: in the body where it says `{authorization}`, and in the request id. */
  readonly echo?: boolean
}

const textOf = (header: string | ReadonlyArray<string> | undefined): string => [header ?? ""].flat().join(", ")

const response = ({ body = "", echo, headers, status }: Reply, authorization: string) => ({
  statusCode: status,
  headers: { ...headers, ...(echo === true ? { "x-request-id": authorization } : {}) },
  rawBody: Buffer.from(body.replaceAll("{authorization}", JSON.stringify(authorization).slice(1, -1)))
})

const serve = async (server: Mockttp, path: string, replies: readonly [Reply, ...ReadonlyArray<Reply>]) => {
  const requests: Array<CompletedRequest> = []
  await server.forGet(new RegExp(`^/${path}/api/video/`)).always().thenCallback(request => {
    const number = requests.push(request)
    const reply = replies[Math.min(number, replies.length) - 1] ?? replies[0]
    return response(reply, textOf(request.headers["authorization"]))
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
  return { serve: (path, replies) => Effect.promise(() => serve(server, path, replies)) }
})
