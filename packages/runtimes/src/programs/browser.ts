/** Core over fetch, in a page whose address has the one of the harness as its query. */
import { overFetch } from "../suite/overFetch.ts"
import { run } from "../suite/run.ts"

await run(location.search.slice(1), overFetch, navigator.userAgent)
