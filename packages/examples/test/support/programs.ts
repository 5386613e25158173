/** Runs the programs of the examples as processes. */
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { Effect, Redacted } from "effect"
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../../..", import.meta.url))

/** Compiles the examples and what they depend on; what is up to date is not compiled again. */
export const compile = () =>
  execFileSync(`${root}/node_modules/.bin/tsc`, ["-b", "packages/examples/tsconfig.src.json"], { cwd: root })

/** The environment variables of an application that uses the sandbox. */
export const sandboxVariables = Effect.map(SandboxSpace.SandboxSpace, ({ apiToken, projectId, url }) => ({
  SIGNALWIRE_SPACE: new URL(url).host,
  SIGNALWIRE_PROJECT_ID: projectId,
  SIGNALWIRE_API_TOKEN: Redacted.value(apiToken)
}))

export interface Program {
  readonly child: ChildProcess
  /** Waits until the output has a match. */
  readonly printed: (pattern: RegExp) => Effect.Effect<string>
  /** Waits until the process has ended. */
  readonly end: Effect.Effect<{ readonly code: number | null; readonly output: string }>
}

/** Starts a program of the examples, which is killed with the scope. */
export const start = (args: ReadonlyArray<string>, variables: Readonly<Record<string, string>>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, args, {
          cwd: `${root}/packages/examples`,
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
