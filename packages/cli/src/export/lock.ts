/** Keeps two processes from writing to the same file. */
import * as Effect from "effect/Effect"
import { link, readFile, rename, rm, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { CommandError } from "../CommandError.ts"
import { exitCodes } from "../exitCodes.ts"
import { codeOf, io } from "./files.ts"

const pathOf = (path: string): string => `${path}.lock`

/** The process that holds a lock, as its file has it. */
const pattern = /^process (\d+) on (\S+)\n$/

/** The files of the locks that this process holds. */
const held = new Set<string>()

const isHeld = (path: string, holder: string): boolean => {
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

/** Takes the lock. Otherwise returns the content of its file. */
const take = async (path: string): Promise<string | undefined> => {
  const own = `process ${process.pid} on ${hostname()}\n`
  try {
    await writeFile(path, own, { flag: "wx" })
    held.add(path)
    return undefined
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
  }
  const aside = `${path}.${process.pid}`
  try {
    const holder = await readFile(path, "utf8")
    if (isHeld(path, holder)) return holder
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
            `Wait until it ends. If there is none, remove ${pathOf(path)}.`
          ]
        })
      )),
    () =>
      Effect.promise(() => {
        held.delete(pathOf(path))
        return rm(pathOf(path), { force: true })
      })
  )
