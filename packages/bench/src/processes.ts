/** Starts the other processes of a run: the server, and one for each client. */
import { type ChildProcess, execFile, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Commands } from "./commands.ts"
import type { Subject } from "./subjects.ts"
import type { Target } from "./target.ts"
import type { Command, Result } from "./worker.ts"

const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

const nextMessage = async (child: ChildProcess): Promise<unknown> => {
  const settled = new AbortController()
  const exit = once(child, "exit", { signal: settled.signal }).then(([code]) => {
    throw new Error(`A process of the benchmark exited with code ${code}`)
  })
  const message = once(child, "message", { signal: settled.signal })
  try {
    const [value] = await Promise.race([message, exit])
    return value
  } finally {
    settled.abort()
    await Promise.allSettled([message, exit])
  }
}

export interface Server {
  readonly target: Target
  readonly stop: () => void
}

export const startServer = async (
  kind: "session" | "byId" | "page" | "silent" = "session",
  ...scheme: ReadonlyArray<"tls">
): Promise<Server> => {
  const child = fork(script("server"), [kind, ...scheme])
  // both processes run this program
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { target: await nextMessage(child) as Target, stop: () => child.disconnect() }
}

export interface Worker extends Commands {
  readonly subject: Subject
  readonly stop: () => void
}

export const startWorker = async (
  subject: Subject,
  server: Server,
  execArgv: ReadonlyArray<string> = []
): Promise<Worker> => {
  const child = fork(script("worker"), [subject.name, JSON.stringify(server.target)], {
    execArgv: [...execArgv],
    serialization: "advanced"
  })
  await nextMessage(child)
  const run = async <A>(name: Command["name"], ...args: ReadonlyArray<number>): Promise<A> => {
    child.send({ name, args } satisfies Command)
    // both processes run this program
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const result = await nextMessage(child) as Result
    if ("error" in result) throw new Error(`${subject.name}: ${result.error}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return result.value as A
  }
  return {
    subject,
    drive: (total, inFlight) => run("drive", total, inFlight),
    driveFor: (millis, inFlight) => run("driveFor", millis, inFlight),
    pace: (perSecond, total) => run("pace", perSecond, total),
    memory: () => run("memory"),
    allocate: total => run("allocate", total),
    stop: () => child.disconnect()
  }
}

const execute = promisify(execFile)

/** Runs node until it exits, and returns the elapsed milliseconds and the standard output. */
export const runNode = async (
  args: ReadonlyArray<string>,
  { cwd, env }: { readonly cwd?: string | undefined; readonly env?: Readonly<Record<string, string>> | undefined } = {}
) => {
  const start = performance.now()
  const { stdout } = await execute(process.execPath, [...args], { cwd, env: { ...process.env, ...env } })
  return { millis: performance.now() - start, stdout }
}

export const runScript = (name: string, ...args: ReadonlyArray<string>) =>
  runNode(["--expose-gc", script(name), ...args])
