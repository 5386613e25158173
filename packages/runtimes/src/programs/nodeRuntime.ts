/** Runs the checks of node-runtime, in a runtime with processes. */
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as process from "node:process"
import { run } from "../suite/run.ts"

await run(String(process.argv[2]), NodeSignalWire.layer, JSON.stringify(process.versions))
