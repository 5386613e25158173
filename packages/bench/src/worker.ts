/** The program of a process that loads one client and runs the commands of its parent: `worker NAME TARGET`. */
import * as commands from "./commands.ts"
import { id } from "./session.ts"
import { find } from "./subjects.ts"

export interface Command {
  readonly name: keyof commands.Commands
  readonly args: ReadonlyArray<number>
}

export type Result = { readonly value: unknown } | { readonly error: string }

const [name = "", target = ""] = process.argv.slice(2)
const driver = await find(name).load(JSON.parse(target))

const session = await driver.once()
const found = typeof session === "object" && session !== null && "id" in session ? String(session.id) : ""
// the ids of many sessions differ in their last digits
if (!found.startsWith(id.slice(0, -8))) throw new Error(`${name} did not return the session`)

const { allocate, drive, driveFor, memory, pace } = commands.make(driver)

const table: Readonly<Record<Command["name"], (...args: Array<number>) => Promise<unknown>>> = {
  drive: (total = 0, inFlight = 0) => drive(total, inFlight),
  driveFor: (millis = 0, inFlight = 0) => driveFor(millis, inFlight),
  pace: (perSecond = 0, total = 0) => pace(perSecond, total),
  memory,
  allocate: (total = 0) => allocate(total)
}

const send = (result: Result) => process.send?.(result)

process.on("message", ({ args, name }: Command) => {
  table[name](...args).then(value => send({ value }), (error: unknown) => send({ error: String(error) }))
})
process.on("disconnect", () => process.exit())
send({ value: "ready" })
