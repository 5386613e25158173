/** Starts an executable, and stops it together with the processes that it has started. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { basename } from "node:path"
import { Readable } from "node:stream"

export interface Started {
  /** Rejects with the output when the executable exits without `stop`. */
  readonly exit: Promise<never>
  /** The file descriptor 3 of the process. */
  readonly control: Readable
  readonly stop: () => Promise<void>
}

/** Kills the process group: the process and those that it has started. */
const killGroup = ({ exitCode, pid, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null && process.kill(-pid, "SIGKILL")

export const start = (path: string, args: ReadonlyArray<string>, cwd?: string): Started => {
  const child = spawn(path, args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
    // NODE_OPTIONS of this process, such as those of a debugger, are not for its children
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
        reject(new Error(`${basename(path)} exited (${code ?? signal}): ${output.join("").slice(-2000)}`))
    )
  })
  // without a handler, a rejection that no caller awaits would end this process
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
