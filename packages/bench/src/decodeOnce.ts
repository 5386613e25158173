/** A process that measures one decoder: `decodeOnce NAME valid|invalid MILLIS` prints the nanoseconds of one decode. */
import { do_not_optimize, measure } from "mitata"
import { decoders } from "./decoders.ts"
import { invalidText, text } from "./session.ts"

const [name, kind, millis] = process.argv.slice(2)
const decoder = decoders.find(decoder => decoder.name === name)
if (decoder === undefined) throw new Error(`There is no decoder ${name}`)
const chosen = kind === "invalid" ? invalidText : text
const input = { text: chosen, bytes: new TextEncoder().encode(chosen) }
const decode = await decoder.load()
const accepted = decode(input)
if (accepted !== (kind === "valid" || !decoder.validates)) {
  throw new Error(`${name} ${accepted ? "accepted" : "rejected"} the ${kind} session`)
}

// V8 optimizes the decoder before the measurement begins
for (let i = 0; i < 20_000; i++) do_not_optimize(decode(input))
const stats = await measure(() => do_not_optimize(decode(input)), { min_cpu_time: Number(millis) * 1e6 })
console.log(stats.avg)
