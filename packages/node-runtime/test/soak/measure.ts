/** What a scenario leaves in its process. */
import { Effect } from "effect"
import { Socket } from "node:net"
import process from "node:process"
import { setImmediate as nextTurn } from "node:timers/promises"
import { calls, type Scenario, type Servers, type Tally } from "./scenarios.ts"

const batches = 24
/** Caches fill and code is compiled in these. */
const warmUp = 8

export interface Measured {
  readonly row: number
  readonly name: string
  readonly calls: number
  readonly seconds: number
  /** By how much the heap grows with each call, after the warm-up. */
  readonly heapBytesPerCall: number
  /** The same over all calls. */
  readonly heapGrowthBytes: number
  /** At the end. */
  readonly heapBytes: number
  readonly mostSockets: number
  /** More than before, once the layer is closed. */
  readonly left: Resources
  readonly ends: Tally
}

/** The handles themselves, which Node gives away by this name only: one that is being closed is no open socket. */
const handles = (): ReadonlyArray<unknown> => Reflect.apply(Reflect.get(process, "_getActiveHandles"), process, [])

const sockets = () => handles().filter(handle => handle instanceof Socket && !handle.destroyed).length

interface Resources {
  readonly sockets: number
  readonly timers: number
  readonly listeners: number
}

/** Not in the turn of a timer, which would count itself. */
const resources: Effect.Effect<Resources> = Effect.promise(nextTurn).pipe(Effect.map(() => ({
  sockets: sockets(),
  timers: process.getActiveResourcesInfo().filter(name => name === "Timeout").length,
  listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
})))

/** What is there more than before, once what ends in its own time had some. */
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

/** The median of all slopes between two points: a single batch that kept more does not count. */
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
    const ends: Tally = new Map()
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
        yield* calls(scenario, from, Math.min(from + size, count + 1), ends)
        heap.push(yield* collected)
      }
    }).pipe(Effect.scoped, Effect.provide(scenario.layer(servers)))
    const left = yield* leftSince(before)
    const bytesPerCall = slope(heap.slice(warmUp)) / size
    return {
      row: scenario.row,
      name: scenario.name,
      calls: [...ends.values()].reduce((sum, number) => sum + number, 0),
      seconds: (performance.now() - start) / 1000,
      heapBytesPerCall: bytesPerCall,
      heapGrowthBytes: bytesPerCall * count,
      heapBytes: heap.at(-1) ?? 0,
      mostSockets,
      left,
      ends
    }
  })
