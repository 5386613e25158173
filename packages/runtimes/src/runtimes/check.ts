/** Runs the checks in a runtime. */
import { readFile } from "node:fs/promises"
import { setTimeout } from "node:timers/promises"
import * as Harness from "../harness/Harness.ts"
import type { Report } from "../suite/Report.ts"
import type { Runtime } from "./Runtime.ts"
import { launches } from "./launch.ts"

/** The time limit of a runtime. Only a runtime that hangs reaches it. */
const timeoutMillis = 60_000

/**
 * Runs a program against its own servers, and returns its report.
 *
 * @param file the path of the program: one file for workerd and Chromium
 */
export const check = async ({ name, path }: Runtime & { readonly path: string }, file: string): Promise<Report> => {
  const harness = await Harness.start(await readFile(file, "utf8"))
  const started = await launches[name](path, file, harness)
  const guard = new AbortController()
  try {
    return await Promise.race([
      harness.report,
      started.exit,
      setTimeout(timeoutMillis, undefined, { signal: guard.signal }).then(() => {
        throw new Error(`${name} has not reported within ${timeoutMillis} ms`)
      })
    ])
  } finally {
    guard.abort()
    await started.stop()
    await harness.close()
  }
}
