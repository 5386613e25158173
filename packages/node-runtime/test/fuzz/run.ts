/** The long run: `--count` cases from `--seed` on. */
import { parseArgs } from "node:util"
import { make, run } from "./property.ts"

const batch = 128

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) }
  }
})
const count = Number(values.count)
const seed = Number(values.seed)
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  throw new Error("Expected --count and --seed as whole numbers")
}

let unhandled = 0
process.on("unhandledRejection", reason => {
  unhandled++
  console.error("unhandled rejection:", reason)
})

console.log(`fuzzing ${count} responses, seed ${seed}`)
const start = performance.now()
const fuzzer = await make()
let failed = false
for (let round = 0; fuzzer.tally.cases < count; round++) {
  const found = await run(fuzzer, seed + round, batch)
  if (found !== undefined) {
    failed = true
    console.error(found)
    break
  }
  if (round % 20 === 0) {
    const heap = Math.round(process.memoryUsage().heapUsed / 2 ** 20)
    console.log(`${fuzzer.tally.cases} cases, ${fuzzer.tally.sessions} sessions, heap ${heap} MiB`)
  }
}
await fuzzer.close()

console.log(`\n${fuzzer.tally.cases} cases in ${Math.round((performance.now() - start) / 1000)} s`)
console.table([
  { result: "session", count: fuzzer.tally.sessions },
  ...[...fuzzer.tally.errors].toSorted(([, left], [, right]) => right - left)
    .map(([result, count]) => ({ result, count }))
])
process.exitCode = failed || unhandled > 0 ? 1 : 0
