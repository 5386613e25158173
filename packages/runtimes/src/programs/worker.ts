/** Runs the checks of core over fetch, in a worker, when it receives a request. The query of the request is the URL of the harness. */
import { overFetch } from "../suite/overFetch.ts"
import { run } from "../suite/run.ts"

export default {
  fetch: async (request: Request): Promise<Response> => {
    await run(new URL(request.url).search.slice(1), overFetch, navigator.userAgent)
    return new Response("reported")
  }
}
