/** A sign of life on the terminal when a call takes longer than a second. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as format from "./format.ts"
import { Target } from "./target.ts"
import { Streams } from "./terminal.ts"

const second = Duration.seconds(1)

/** Shows how long the call takes, in place, from the first second on. The line is removed when the call ends. */
const show = (origin: string) =>
  Effect.gen(function*() {
    const start = yield* Clock.currentTimeMillis
    yield* Effect.sleep(second)
    const { makeLive } = yield* Effect.promise(() => import("./live.ts"))
    const live = makeLive(process.stderr)
    const host = new URL(origin).host
    yield* Effect.forever(Effect.gen(function*() {
      const elapsed = Duration.millis((yield* Clock.currentTimeMillis) - start)
      live.update(`Waiting for ${host}, ${format.shortDuration(elapsed)}`)
      yield* Effect.sleep(second)
    })).pipe(Effect.ensuring(Effect.sync(live.clear)))
  })

export const withSignOfLife = <A, E, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Target | Streams> =>
  Effect.flatMap(Effect.all([Target, Streams]), ([{ origin }, { isErrorTerminal }]) =>
    isErrorTerminal
      ? Effect.acquireUseRelease(Effect.fork(Effect.interruptible(show(origin))), () => call, Fiber.interrupt)
      : call)
