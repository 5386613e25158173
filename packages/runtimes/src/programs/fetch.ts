/** Runs the checks of core over fetch, in a runtime with processes. */
import * as process from "node:process"
import { overFetch } from "../suite/overFetch.ts"
import { run } from "../suite/run.ts"

await run(String(process.argv[2]), overFetch, JSON.stringify(process.versions))
