/** Core over fetch, in a page. The query of its address is the address of the harness. */
import { overFetch } from "../suite/overFetch.ts"
import { run } from "../suite/run.ts"

await run(location.search.slice(1), overFetch, navigator.userAgent)
