/** The program of a process that loads one client and runs the commands of its parent. */
import * as commands from "./commands.ts"
import { id } from "./session.ts"
import { find } from "./subjects.ts"

export interface Command {
  readonly name: keyof commands.Commands
  readonly args: ReadonlyArray<number>
}

export type Result = { readonly value: unknown } | { readonly error: string }

const [name = "", origin = ""] = process.argv.slice(2)
const driver = await find(name).load(origin)

const session = await driver.once()
if (typeof session !== "object" || session === null || !("id" in session) || session.id !== id) {
  throw new Error(`${name} did not return the session`)
}

const table: Readonly<Record<Command["name"], (...args: Array<number>) => Promise<unknown>>> = {
  drive: (total = 0, inFlight = 0) => commands.make(driver).drive(total, inFlight),
  driveFor: (millis = 0, inFlight = 0) => commands.make(driver).driveFor(millis, inFlight),
  pace: (perSecond = 0, total = 0) => commands.make(driver).pace(perSecond, total),
  memory: () => commands.make(driver).memory(),
  allocate: (total = 0) => commands.make(driver).allocate(total)
}

const send = (result: Result) => process.send?.(result)

process.on("message", ({ args, name }: Command) => {
  table[name](...args).then(value => send({ value }), (error: unknown) => send({ error: String(error) }))
})
process.on("disconnect", () => process.exit())
send({ value: "ready" })
