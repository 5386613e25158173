/** A process that measures one decoder: `decodeOnce session|page NAME valid|invalid MILLIS` prints the nanoseconds of one decode. */
import { do_not_optimize, measure } from "mitata"
import { decoders, pageDecoders } from "./decoders.ts"
import { invalidPageText, pageText } from "./page.ts"
import { invalidText, text } from "./session.ts"

const [what, name, kind, millis] = process.argv.slice(2)
const isPage = what === "page"
const decoder = (isPage ? pageDecoders : decoders).find(decoder => decoder.name === name)
if (decoder === undefined) throw new Error(`There is no decoder ${name}`)
const [valid, invalid] = isPage ? [pageText, invalidPageText] : [text, invalidText]
const chosen = kind === "invalid" ? invalid : valid
const input = { text: chosen, bytes: new TextEncoder().encode(chosen) }
const decode = await decoder.load()
const accepted = decode(input)
if (accepted !== (kind === "valid" || !decoder.validates)) {
  throw new Error(`${name} ${accepted ? "accepted" : "rejected"} the ${kind} ${what}`)
}

// V8 optimizes the decoder before the measurement begins
for (let i = 0; i < (isPage ? 50 : 20_000); i++) do_not_optimize(decode(input))
const stats = await measure(() => do_not_optimize(decode(input)), { min_cpu_time: Number(millis) * 1e6 })
console.log(stats.avg)
