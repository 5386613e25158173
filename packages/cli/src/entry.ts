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
} else if (args[0] === "sandbox") {
  // the command of the sandbox reads the arguments of the process
  process.argv.splice(2, 1)
  await import("@effect-signalwire/sandbox/bin")
} else {
  const { runCommand } = await import("./roomSession.ts")
  runCommand(args)
}
