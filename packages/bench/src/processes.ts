/** The other processes of a run: the server, and one for each client. */
import { type ChildProcess, execFile, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Commands } from "./commands.ts"
import type { Contender } from "./contenders.ts"
import type { Answer, Question } from "./worker.ts"

const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

const reply = async (child: ChildProcess): Promise<unknown> => {
  const ended = new AbortController()
  const exit = once(child, "exit", { signal: ended.signal }).then(([code]) => {
    throw new Error(`A process of the benchmark ended with ${code}`)
  })
  const message = once(child, "message", { signal: ended.signal })
  try {
    const [value] = await Promise.race([message, exit])
    return value
  } finally {
    ended.abort()
    await Promise.allSettled([message, exit])
  }
}

export interface Server {
  readonly origin: string
  readonly stop: () => void
}

export const startServer = async (): Promise<Server> => {
  const child = fork(script("server"))
  return { origin: `http://127.0.0.1:${String(await reply(child))}`, stop: () => child.disconnect() }
}

export interface Worker extends Commands {
  readonly contender: Contender
  readonly stop: () => void
}

export const startWorker = async (
  contender: Contender,
  server: Server,
  execArgv: ReadonlyArray<string> = []
): Promise<Worker> => {
  const child = fork(script("worker"), [contender.name, server.origin], {
    execArgv: [...execArgv],
    serialization: "advanced"
  })
  await reply(child)
  const ask = async <A>(name: Question["name"], ...args: ReadonlyArray<number>): Promise<A> => {
    child.send({ name, args } satisfies Question)
    // the same program on both sides
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const answer = await reply(child) as Answer
    if ("error" in answer) throw new Error(`${contender.name}: ${answer.error}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return answer.value as A
  }
  return {
    contender,
    drive: (total, inFlight) => ask("drive", total, inFlight),
    driveFor: (millis, inFlight) => ask("driveFor", millis, inFlight),
    pace: (perSecond, total) => ask("pace", perSecond, total),
    memory: () => ask("memory"),
    allocate: total => ask("allocate", total),
    stop: () => child.disconnect()
  }
}

const execute = promisify(execFile)

/** Runs node to its end: how long that took, and what it printed. */
export const runNode = async (args: ReadonlyArray<string>, cwd?: string) => {
  const start = performance.now()
  const { stdout } = await execute(process.execPath, [...args], { cwd })
  return { millis: performance.now() - start, stdout }
}

export const runScript = (name: string, ...args: ReadonlyArray<string>) => runNode([script(name), ...args])
