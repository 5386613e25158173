/** `pnpm start`: shows a room session, from the embedded sandbox unless the environment names a space. */
import { main } from "./main.ts"
import { runStart } from "./run.ts"
import { spaceOrSandbox } from "./sandboxTarget.ts"

const [first, ...rest] = process.argv.slice(2)

// pnpm hands the `--` of `pnpm start -- --json` on
main(runStart(first === undefined || first === "--" ? rest : [first, ...rest], spaceOrSandbox))
