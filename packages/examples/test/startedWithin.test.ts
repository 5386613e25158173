import { RoomSessionFixture, RoomSessionsTest } from "@effect-signalwire/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Stream, TestClock } from "effect"
import { startedWithin } from "../src/startedWithin.ts"

const started = (n: number, start_time: string | null) =>
  RoomSessionFixture.listed(RoomSessionFixture.completed({ id: RoomSessionFixture.id(n), start_time }))

it.effect("the sessions of the last day are those of all pages that started within it", () =>
  Effect.gen(function*() {
    yield* TestClock.setTime(new Date("2026-11-26T12:00:00Z"))
    const found = yield* Stream.runCollect(startedWithin("1 day"))
    assert.deepStrictEqual(Array.from(found, ({ id }) => id), [1, 1001].map(RoomSessionFixture.id))
  }).pipe(Effect.provide(RoomSessionsTest.layer([
    started(1, "2026-11-25T12:00:00Z"),
    ...Array.from({ length: 998 }, (_, index) => started(index + 2, "2026-11-25T11:59:59Z")),
    started(1000, null),
    started(1001, "2026-11-26T11:59:59Z")
  ]))))
