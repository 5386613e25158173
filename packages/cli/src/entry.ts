/** Starts the command. It prints its version without loading the other modules. */
import { closed, linesOfWriteError, write } from "./output.ts"
import { version } from "./version.ts"

const args = process.argv.slice(2)

if (args.length === 1 && (args[0] === "--version" || args[0] === "-v")) {
  write(`${version}\n`, code => {
    if (code === undefined || code === closed) return
    console.error(`room-session: ${linesOfWriteError(code).join("\n")}`)
    process.exitCode = 1
  })
} else {
  const { runCommand } = await import("./roomSession.ts")
  runCommand(args)
}
