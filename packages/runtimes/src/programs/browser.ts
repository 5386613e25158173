/** Runs the checks of core over fetch, in a page. The query of the page's URL is the URL of the harness. */
import { overFetch } from "../suite/overFetch.ts"
import { run } from "../suite/run.ts"

await run(location.search.slice(1), overFetch, navigator.userAgent)
