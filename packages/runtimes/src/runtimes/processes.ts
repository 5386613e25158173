/** Starts an executable with all that it starts, and stops it. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { basename } from "node:path"
import { Readable } from "node:stream"

export interface Started {
  /** Fails when the executable ends by itself, with what it wrote. */
  readonly exit: Promise<never>
  /** What it writes to its file descriptor 3. */
  readonly control: Readable
  readonly stop: () => Promise<void>
}

/** Its group is all that it has started. */
const killGroup = ({ exitCode, pid, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null && process.kill(-pid, "SIGKILL")

export const start = (path: string, args: ReadonlyArray<string>, cwd?: string): Started => {
  const child = spawn(path, args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
    // options of this process, such as a debugger's, are not for its children
    env: { ...process.env, NODE_OPTIONS: "", DENO_NO_UPDATE_CHECK: "1" }
  })
  const killWithThis = () => void killGroup(child)
  process.once("exit", killWithThis)
  const output: Array<string> = []
  const [, stdout, stderr, control] = child.stdio
  for (const stream of [stdout, stderr]) stream?.on("data", chunk => output.push(String(chunk)))
  const exit = new Promise<never>((_, reject) => {
    child.once("error", reject)
    child.once(
      "close",
      (code, signal) =>
        reject(new Error(`${basename(path)} ended (${code ?? signal}): ${output.join("").slice(-2000)}`))
    )
  })
  // of interest only while something is awaited of it
  exit.catch(() => {})
  return {
    exit,
    control: control instanceof Readable ? control : Readable.from([]),
    stop: async () => {
      process.off("exit", killWithThis)
      const ended = once(child, "exit")
      if (killGroup(child)) await ended
    }
  }
}
