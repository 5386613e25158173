/** Shows how far an export or a download is. */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import columns from "string-width"
import * as format from "./format.ts"
import { paint } from "./style.ts"
import { Streams } from "./terminal.ts"

export interface Progress {
  /** How much is done, failed and in total, as far as it is known. */
  done: number
  failed: number
  total: number | undefined
  /** The pages of a list that were read; its total is not known. */
  pages?: number
}

export interface Unit {
  /** Formats an amount. */
  readonly amount: (amount: number) => string
  /** What is counted, such as `sessions`. */
  readonly name: string
}

const number = new Intl.NumberFormat("en-US")

export const sessions: Unit = { amount: amount => number.format(Math.round(amount)), name: "sessions" }
export const bytes: Unit = { amount: format.size, name: "" }

interface Sample {
  readonly at: number
  readonly done: number
}

/** The amount of a second, over the samples; undefined where there is no time between them. */
const rateOf = (samples: ReadonlyArray<Sample>): number | undefined => {
  const [first, last] = [samples[0], samples.at(-1)]
  return first === undefined || last === undefined || last.at === first.at
    ? undefined
    : (last.done - first.done) / ((last.at - first.at) / 1000)
}

/** What was measured: the rate per second, and the time since the start in milliseconds. */
interface Measured {
  readonly rate: number | undefined
  readonly elapsed: number
}

const seconds = (value: number): string => format.shortDuration(Duration.seconds(value))

/** The parts of a line, the most important ones first. */
const partsOf = ({ done, failed, pages, total }: Progress, { amount, name }: Unit, { elapsed, rate }: Measured) => {
  const left = total === undefined || rate === undefined || rate === 0 ? undefined : (total - done - failed) / rate
  return [
    `${amount(done)}${total === undefined ? "" : ` of ${amount(total)}`}${name === "" ? "" : ` ${name}`}${
      total === undefined ? ` in ${seconds(Math.floor(elapsed / 1000))}` : ""
    }`,
    ...(failed === 0 ? [] : [`${amount(failed)} failed`]),
    ...(left === undefined ? [] : [`${seconds(Math.ceil(left))} left`]),
    ...(rate === undefined || rate === 0 ? [] : [`${amount(rate)}/s`]),
    ...(pages === undefined ? [] : [`${pages} ${pages === 1 ? "page" : "pages"}`])
  ]
}

const maxBar = 30
const minBar = 8

/** A line of at most `width` columns: a bar where there is space for it, and the parts that fit. */
export const line = (
  progress: Progress,
  unit: Unit,
  measured: Measured,
  { color, width }: { readonly color: boolean; readonly width: number }
): string => {
  const { done, failed, total } = progress
  let text = ""
  for (const part of partsOf(progress, unit, measured)) {
    const next = text === "" ? part : `${text} · ${part}`
    if (columns(next) > width) break
    text = next
  }
  const barWidth = Math.min(maxBar, width - columns(text) - 6)
  if (total === undefined || total === 0 || barWidth < minBar) return text
  const share = Math.min(1, (done + failed) / total)
  const filled = Math.floor(share * barWidth)
  const bar = paint({ text: "━".repeat(filled), style: "active" }, { color }) +
    paint({ text: "─".repeat(barWidth - filled), style: "faint" }, { color })
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)}% ${text}`
}

/** How many samples the rate is computed over. */
const maxSamples = 50

/** Shows the progress while the scope is open: in place on a terminal, a line every ten seconds elsewhere. */
export const show = (progress: Progress, unit: Unit, isQuiet: boolean) =>
  Effect.gen(function*() {
    if (isQuiet) return
    const { errorColor, errorWidth, isErrorTerminal } = yield* Streams
    const start = yield* Clock.currentTimeMillis
    const samples: Array<Sample> = [{ at: start, done: progress.done + progress.failed }]
    const sample = Effect.map(Clock.currentTimeMillis, at => {
      samples.push({ at, done: progress.done + progress.failed })
      if (samples.length > maxSamples) samples.shift()
      return { rate: rateOf(samples), elapsed: at - start }
    })
    if (!isErrorTerminal) {
      const print = Effect.flatMap(sample, measured => Console.error(partsOf(progress, unit, measured).join(" · ")))
      yield* Effect.forkScoped(Effect.forever(Effect.delay(print, "10 seconds")))
      return
    }
    const { makeLive } = yield* Effect.promise(() => import("./live.ts"))
    const live = yield* Effect.acquireRelease(Effect.sync(() => makeLive(process.stderr)), ({ clear }) =>
      Effect.sync(clear))
    const draw = Effect.map(sample, measured => {
      live.update(line(progress, unit, measured, { color: errorColor, width: errorWidth() - 1 }))
    })
    yield* Effect.forkScoped(Effect.forever(Effect.zipRight(draw, Effect.sleep("200 millis"))))
  })
