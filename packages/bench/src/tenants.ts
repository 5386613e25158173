/** A process with many clients of one server: `tenants NAME TARGET CLIENTS` prints the bytes of the heap for a client after its first call. */
import { heapBytes } from "./commands.ts"
import { find } from "./subjects.ts"

const [name = "", target = "", count = ""] = process.argv.slice(2)
const subject = find(name)

const client = async () => {
  const driver = await subject.load(JSON.parse(target))
  await driver.once()
  return driver
}

// what the first clients load is not counted
const clients = [await client(), await client(), await client()]
const before = await heapBytes()
for (let i = 0; i < Number(count); i++) {
  // oxlint-disable-next-line no-await-in-loop -- one call at a time
  clients.push(await client())
}
console.log((await heapBytes() - before) / Number(count))
process.exit()
