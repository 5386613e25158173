/** A process that measures one decoder: `decodeOnce session|page NAME CALLS MILLIS` prints the nanoseconds of a valid and of an invalid decode. */
import { do_not_optimize, measure } from "mitata"
import { decoders, pageDecoders } from "./decoders.ts"
import { invalidPageText, pageText } from "./page.ts"
import { invalidText, text } from "./session.ts"

const [what, name, calls, millis] = process.argv.slice(2)
const isPage = what === "page"
const decoder = (isPage ? pageDecoders : decoders).find(decoder => decoder.name === name)
if (decoder === undefined) throw new Error(`There is no decoder ${name}`)
const decode = await decoder.load()

const nanoseconds = async (text: string, isValid: boolean): Promise<number> => {
  const input = { text, bytes: new TextEncoder().encode(text) }
  const accepted = decode(input)
  if (accepted !== isValid) {
    throw new Error(`${name} ${accepted ? "accepted" : "rejected"} the ${isValid ? "valid" : "invalid"} ${what}`)
  }
  // V8 optimizes the decoder before the measurement begins
  for (let i = 0; i < Number(calls); i++) do_not_optimize(decode(input))
  return (await measure(() => do_not_optimize(decode(input)), { min_cpu_time: Number(millis) * 1e6 })).avg
}

const valid = await nanoseconds(isPage ? pageText : text, true)
const invalid = decoder.validates ? await nanoseconds(isPage ? invalidPageText : invalidText, false) : null
console.log(JSON.stringify({ valid, invalid }))
