#!/usr/bin/env node
/** `room-session`. Its version is told before anything heavy is loaded. */
import { unwritten, write } from "./output.ts"
import { version } from "./version.ts"

const args = process.argv.slice(2)

if (args.length === 1 && args[0] === "--version") {
  write(`${version}\n`, problem => {
    if (problem === undefined) return
    console.error(`room-session: ${unwritten(problem).join("\n")}`)
    process.exitCode = 1
  })
} else {
  const { runCommand } = await import("./roomSession.ts")
  runCommand(args)
}
