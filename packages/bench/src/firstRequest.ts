/** The program of a process that makes one request and prints the milliseconds since its start. */
import { find } from "./subjects.ts"

const [name = "", origin = ""] = process.argv.slice(2)
const driver = await find(name).load(origin)
await driver.once()
console.log(performance.now())
process.exit()
