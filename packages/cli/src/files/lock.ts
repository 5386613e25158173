/** Keeps two processes from writing to the same file. */
import * as Effect from "effect/Effect"
import { link, open, readFile, rename, rm, stat } from "node:fs/promises"
import { hostname } from "node:os"
import { CommandError } from "../CommandError.ts"
import { codeOf } from "../errorCode.ts"
import { exitCodes } from "../exitCodes.ts"
import { io } from "./files.ts"

const pathOf = (path: string): string => `${path}.lock`

/** The process that holds a lock, as its file has it. */
const pattern = /^process (\d+) on (\S+)\n$/

/** The files of the locks that this process holds. */
const held = new Set<string>()

/** A process creates the file, and then writes to it; the disk of a system that crashed can have zeros. */
const isWithoutHolder = (content: string): boolean => /^\0*$/.test(content)

const creationMillis = 10_000

const isHeld = async (path: string, holder: string): Promise<boolean> => {
  if (isWithoutHolder(holder)) return Date.now() - (await stat(path)).mtimeMs < creationMillis
  const [, pid, host] = pattern.exec(holder) ?? []
  if (pid === undefined || host !== hostname()) return true
  // a container that is started again has the ids of before
  if (Number(pid) === process.pid) return held.has(path)
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    // EPERM: the process of another user
    return codeOf(error) !== "ESRCH"
  }
}

/** Creates a file with its content; false where there is a file. An error, such as that of a full disk, leaves none. */
const create = async (path: string, content: string): Promise<boolean> => {
  try {
    const file = await open(path, "wx")
    try {
      await file.writeFile(content).finally(() => file.close())
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    return true
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false
    throw error
  }
}

/** Takes the lock. Otherwise returns the content of its file. */
const take = async (path: string): Promise<string | undefined> => {
  const own = `process ${process.pid} on ${hostname()}\n`
  const isNew = await create(path, own)
  const aside = `${path}.${process.pid}`
  try {
    const holder = await readFile(path, "utf8")
    // otherwise this process was stopped before it wrote, and another one took the empty lock over
    if (isNew && holder === own) {
      held.add(path)
      return undefined
    }
    if (await isHeld(path, holder)) return holder
    // the holder was killed: of several processes that see this, one takes the lock over
    await rename(path, aside)
    const moved = await readFile(aside, "utf8")
    if (moved !== holder) await link(aside, path)
    await rm(aside)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
  return take(path)
}

/** Holds the lock of a file while the scope is open. A process that was killed does not hold it any more. */
export const lock = (path: string) =>
  Effect.acquireRelease(
    Effect.flatMap(io(path, () => take(pathOf(path))), holder =>
      holder === undefined ? Effect.void : Effect.fail(
        new CommandError({
          exitCode: exitCodes.other,
          details: { tag: "OutputError" },
          lines: [
            `another command is writing to ${path}${pattern.test(holder) ? `: ${holder.trim()}` : ""}.`,
            `Wait until it ends. If there is none, or the process is another program, remove ${pathOf(path)}.`
          ]
        })
      )),
    () =>
      Effect.promise(() => {
        held.delete(pathOf(path))
        return rm(pathOf(path), { force: true })
      })
  )
