/** Measures what a scenario leaves in its process. */
import { Effect } from "effect"
import { Socket } from "node:net"
import process from "node:process"
import { setImmediate as nextTurn } from "node:timers/promises"
import { calls, type Scenario, type Servers, type Tally } from "./scenarios.ts"

const batches = 24
/** Batches in which caches fill and code is compiled. */
const warmUp = 8

export interface Measured {
  readonly sentence: Scenario["sentence"]
  readonly calls: number
  readonly seconds: number
  /** By how many bytes the heap grows with each call, after the warm-up. */
  readonly heapBytesPerCall: number
  /** The same over all calls. */
  readonly heapGrowthBytes: number
  /** At the end. */
  readonly heapBytes: number
  readonly mostSockets: number
  /** How many more there are than before, when the layer is closed. */
  readonly left: Resources
  readonly results: Tally
}

/** Open handles, which Node returns by this name only; a destroyed socket may still be among them. */
const handles = (): ReadonlyArray<unknown> => Reflect.apply(Reflect.get(process, "_getActiveHandles"), process, [])

const sockets = () => handles().filter(handle => handle instanceof Socket && !handle.destroyed).length

interface Resources {
  readonly sockets: number
  readonly timers: number
  readonly listeners: number
}

/** Counted after the turn of the event loop: a timer that fires counts itself. */
const resources: Effect.Effect<Resources> = Effect.promise(nextTurn).pipe(Effect.map(() => ({
  sockets: sockets(),
  timers: process.getActiveResourcesInfo().filter(name => name === "Timeout").length,
  listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
})))

/** How many more there are than before, after up to 2 s in which they may close. */
const leftSince = (before: Resources): Effect.Effect<Resources> =>
  Effect.map(resources, now => ({
    sockets: now.sockets - before.sockets,
    timers: now.timers - before.timers,
    listeners: now.listeners - before.listeners
  })).pipe(
    Effect.delay("20 millis"),
    Effect.repeat({ until: left => Object.values(left).every(count => count <= 0), times: 100 })
  )

const collected = Effect.gen(function*() {
  for (let turn = 0; turn < 3; turn++) {
    yield* Effect.sleep("20 millis")
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
})

/** The median of all slopes between two points (Theil-Sen), which one exceptional batch does not change. */
const slope = (values: ReadonlyArray<number>): number => {
  const slopes = values
    .flatMap((from, index) => values.slice(index + 1).map((to, distance) => (to - from) / (distance + 1)))
    .toSorted((one, other) => one - other)
  return slopes[Math.floor(slopes.length / 2)] ?? 0
}

export const measure = (scenario: Scenario, count: number, servers: Servers): Effect.Effect<Measured> =>
  Effect.gen(function*() {
    const before = yield* resources
    const heap: Array<number> = []
    const results: Tally = new Map()
    let mostSockets = 0
    const watch = Effect.forever(Effect.delay(
      Effect.sync(() => {
        mostSockets = Math.max(mostSockets, sockets() - before.sockets)
      }),
      "3 millis"
    ))
    const start = performance.now()
    const size = Math.ceil(count / batches)
    yield* Effect.gen(function*() {
      yield* Effect.forkScoped(watch)
      for (let from = 1; from <= count; from += size) {
        yield* calls(scenario, from, Math.min(from + size, count + 1), results)
        heap.push(yield* collected)
      }
    }).pipe(Effect.scoped, Effect.provide(scenario.layer(servers)))
    const left = yield* leftSince(before)
    const bytesPerCall = slope(heap.slice(warmUp)) / size
    return {
      sentence: scenario.sentence,
      calls: [...results.values()].reduce((sum, number) => sum + number, 0),
      seconds: (performance.now() - start) / 1000,
      heapBytesPerCall: bytesPerCall,
      heapGrowthBytes: bytesPerCall * count,
      heapBytes: heap.at(-1) ?? 0,
      mostSockets,
      left,
      results
    }
  })
