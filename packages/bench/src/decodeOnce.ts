/** A process that measures one decoder: `decodeOnce NAME right|wrong MILLIS` prints the nanoseconds of a decode. */
import { do_not_optimize, measure } from "mitata"
import { decoders } from "./decoders.ts"
import { text, wrongText } from "./session.ts"

const [name, which, millis] = process.argv.slice(2)
const decoder = decoders.find(decoder => decoder.name === name)
if (decoder === undefined) throw new Error(`There is no decoder ${name}`)
const chosen = which === "wrong" ? wrongText : text
const input = { text: chosen, bytes: new TextEncoder().encode(chosen) }
const decode = await decoder.load()
const accepted = decode(input)
if (accepted !== (which === "right" || !decoder.validates)) throw new Error(`${name} takes a ${which} session wrongly`)

// the optimising compiler is done before anything counts
for (let i = 0; i < 20_000; i++) do_not_optimize(decode(input))
const stats = await measure(() => do_not_optimize(decode(input)), { min_cpu_time: Number(millis) * 1e6 })
console.log(stats.avg)
