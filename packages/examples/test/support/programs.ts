/** Runs the programs of the examples as processes. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { Effect, Redacted } from "effect"
import { buildSync } from "esbuild"
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"

const source = fileURLToPath(new URL("../../src", import.meta.url))

/** Bundles programs from the sources into a folder, since a process loads a bundle in a third of the time. */
export const bundle = (programs: ReadonlyArray<string>): string => {
  const folder = mkdtempSync(join(tmpdir(), "programs-"))
  buildSync({
    entryPoints: programs.map(program => join(source, `${program}.ts`)),
    outbase: source,
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    conditions: ["@effect-signalwire/source"],
    // what is CommonJS requires modules of Node
    banner: {
      js: "import { createRequire as _require } from \"node:module\"; const require = _require(import.meta.url);"
    }
  })
  writeFileSync(join(folder, "package.json"), "{ \"type\": \"module\" }")
  return folder
}

/** Removes a folder of `bundle`. */
export const remove = (folder: string): void => rmSync(folder, { recursive: true })

/** The environment variables of an application that uses the sandbox. */
export const sandboxVariables = Effect.map(SandboxSpace.SandboxSpace, ({ apiToken, projectId, url }) => ({
  SIGNALWIRE_SPACE: new URL(url).host,
  SIGNALWIRE_PROJECT_ID: projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(apiToken)
}))

export interface Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Waits until the output has a match. */
  readonly printed: (pattern: RegExp) => Effect.Effect<string>
  /** Waits until the process has ended. */
  readonly end: Effect.Effect<{ readonly code: number | null; readonly output: string }>
}

/** Starts a program of a folder of `bundle`, which is killed with the scope. */
export const start = (folder: string, args: ReadonlyArray<string>, variables: Readonly<Record<string, string>>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, args, {
          cwd: folder,
          env: { PATH: process.env["PATH"], PORT: "0", ...variables },
          stdio: ["ignore", "pipe", "pipe"]
        })
      ),
      child => Effect.sync(() => child.kill("SIGKILL"))
    ),
    (child): Program => {
      let output = ""
      const ended = new Promise<number | null>(resolve => child.once("close", resolve))
      for (const stream of [child.stdout, child.stderr]) stream.on("data", chunk => output += String(chunk))
      return {
        child,
        printed: pattern =>
          Effect.async<string>(resume => {
            const check = () => {
              const [, group = ""] = pattern.exec(output) ?? []
              if (pattern.test(output)) resume(Effect.succeed(group))
            }
            for (const stream of [child.stdout, child.stderr]) stream.on("data", check)
            child.once("close", () => resume(Effect.dieMessage(`the program ended: ${output}`)))
            check()
          }),
        end: Effect.map(Effect.promise(() => ended), code => ({ code, output }))
      }
    }
  )
