/** A process that measures one decoder: `decodeOnce session|page NAME full|quick` prints the nanoseconds of a valid and of an invalid decode. */
import { do_not_optimize, measure } from "mitata"
import { decoders, pageDecoders } from "./decoders.ts"
import { invalidPageText, pageText } from "./page.ts"
import { invalidText, text } from "./session.ts"

const [what, name, mode] = process.argv.slice(2)
const isQuick = mode === "quick"
const isPage = what === "page"
const decoder = (isPage ? pageDecoders : decoders).find(decoder => decoder.name === name)
if (decoder === undefined) throw new Error(`There is no decoder ${name}`)
const decode = await decoder.load()

/** Calls before the measurement, after which V8 has optimized the decoder. */
const warmUp = isQuick ? 1 : isPage ? 50 : 20_000

const options = isQuick ? { min_cpu_time: 0, min_samples: 2, batch_threshold: 0 } : { min_cpu_time: 200e6 }

const nanoseconds = async (text: string, isValid: boolean): Promise<number> => {
  const input = { text, bytes: new TextEncoder().encode(text) }
  const accepted = decode(input)
  if (accepted !== isValid) {
    throw new Error(`${name} ${accepted ? "accepted" : "rejected"} the ${isValid ? "valid" : "invalid"} ${what}`)
  }
  for (let i = 0; i < warmUp; i++) do_not_optimize(decode(input))
  return (await measure(() => do_not_optimize(decode(input)), options)).avg
}

const valid = await nanoseconds(isPage ? pageText : text, true)
const invalid = decoder.validates ? await nanoseconds(isPage ? invalidPageText : invalidText, false) : null
console.log(JSON.stringify({ valid, invalid }))
