/** The published files, bundled from the sources into a temporary folder. */
import { Effect } from "effect"
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export const make = () => {
  const folder = mkdtempSync(join(tmpdir(), "room-session-"))
  return {
    folder,
    /** Bundles; for `beforeAll`. */
    bundle: (): void => {
      execFileSync(process.execPath, [fileURLToPath(new URL("../../scripts/bundle.mjs", import.meta.url)), folder])
    },
    /** For `afterAll`. */
    remove: (): void => rmSync(folder, { recursive: true }),
    run: (
      args: ReadonlyArray<string>,
      env: NodeJS.ProcessEnv,
      onSpawn?: (child: ChildProcess) => void,
      output: "pipe" | number = "pipe",
      node = process.execPath,
      input: "pipe" | "ignore" = "ignore"
    ) =>
      Effect.promise(() =>
        new Promise<Ran>(resolve => {
          const child = spawn(node, [join(folder, "bin.js"), ...args], {
            env,
            stdio: [input, output, "pipe"]
          })
          let [stdout, stderr] = ["", ""]
          child.stdout?.on("data", chunk => stdout += String(chunk))
          child.stderr?.on("data", chunk => stderr += String(chunk))
          child.on("close", code => resolve({ code, stdout, stderr }))
          onSpawn?.(child)
        })
      )
  }
}
