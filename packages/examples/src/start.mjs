import * as module from "node:module"

// Node 22.8 and later; Node 20 has no compile cache
module.enableCompileCache?.()

await import("./main.mjs")
