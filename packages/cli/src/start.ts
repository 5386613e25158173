/** The executable of `pnpm start`. */
import { main } from "./main.ts"
import { runStart } from "./run.ts"
import { spaceOrSandbox } from "./sandboxTarget.ts"

const [first, ...rest] = process.argv.slice(2)

// pnpm passes on the `--` of `pnpm start -- --json`
main(runStart(first === undefined || first === "--" ? rest : [first, ...rest], spaceOrSandbox))
