#!/usr/bin/env node
/** `room-session`. Its version is told before anything heavy is loaded. */
import { version } from "./version.ts"

const args = process.argv.slice(2)

if (args.length === 1 && args[0] === "--version") {
  console.log(version)
} else {
  const { runCommand } = await import("./roomSession.ts")
  runCommand(args)
}
