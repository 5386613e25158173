/** A process that makes one request: prints the milliseconds since it began. */
import { find } from "./contenders.ts"

const [name = "", origin = ""] = process.argv.slice(2)
const driver = await find(name).load(origin)
await driver.once()
console.log(performance.now())
process.exit()
