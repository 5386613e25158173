#!/usr/bin/env node
/** The executable `room-session`. Versions of Node that are too old for the command can parse and run this file. */
const parts = process.versions.node.split(".")
if (Number(parts[0]) < 20 || (Number(parts[0]) === 20 && Number(parts[1]) < 19)) {
  console.error(`room-session: Node ${process.versions.node} is too old: it needs Node 20.19 or newer.`)
  process.exitCode = 1
} else {
  // no static import and no `await`, which an old version cannot parse
  void import("./entry.ts")
}
