import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { stripVTControlCharacters } from "node:util"
import columns from "string-width"
import * as table from "../src/table.ts"
import * as tables from "../src/tables.ts"

const options: table.Options = {
  timeZone: DateTime.zoneUnsafeMakeNamed("Europe/Berlin"),
  tableWidth: 120,
  color: false
}

const text = (value: string, tableWidth: number) => {
  const columns: ReadonlyArray<table.Column<string>> = [{
    field: "t",
    title: "T",
    width: 4,
    rank: 0,
    cell: text => ({ text })
  }]
  return table.make(columns, { ...options, tableWidth }).line(value)
}

describe("a table", () => {
  it.live("each list fits each width from 40 columns, without blanks at the end of a line", () =>
    Effect.gen(function*() {
      const { events, listed, members, recordings } = yield* SandboxSpace.SandboxSpace
      for (let tableWidth = 40; tableWidth <= 160; tableWidth++) {
        const render = <A>(columns: ReadonlyArray<table.Column<A>>, items: ReadonlyArray<A>): ReadonlyArray<string> => {
          const { header, line } = table.make(columns, { ...options, tableWidth })
          return [header, ...items.map(line)]
        }
        const [sessions, all] = [render(tables.sessions, listed), render(tables.recordings, recordings)]
        for (const [i, { id }] of listed.entries()) assert.include(sessions[i + 1], id)
        for (const [i, { id }] of recordings.entries()) assert.include(all[i + 1], id)
        for (
          const line of [
            ...sessions,
            ...render(tables.members, members),
            ...render(tables.events, events),
            ...all
          ].flatMap(item => item.split("\n"))
        ) {
          assert.isAtMost(columns(line), tableWidth, line)
          assert.notMatch(line, /\s$/)
        }
      }
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it("the columns that do not fit are dropped, those with the highest rank first", () => {
    const titles = (tableWidth: number) => table.make(tables.sessions, { ...options, tableWidth }).header.split(/ {2,}/)
    assert.deepStrictEqual(titles(40), ["Session\n", "Status", "Name"].flatMap(title => title.split(/(?<=\n)/)))
    assert.deepStrictEqual(titles(50), ["Session", "Name"])
    assert.deepStrictEqual(titles(62), ["Session", "Status", "Name"])
    assert.deepStrictEqual(titles(80), ["Session", "Status", "Started", "Name"])
    assert.deepStrictEqual(titles(120), ["Session", "Status", "Started", "Duration", "Cost (USD)", "Name"])
  })

  it("a text that is too wide is shortened after a word, or inside of its only word, and never inside of a character", () => {
    assert.strictEqual(text("Weekly planning of us", 21), "Weekly planning of us")
    assert.strictEqual(text("Weekly planning of us", 20), "Weekly planning of…")
    assert.strictEqual(text("Weekly planning of us", 16), "Weekly planning…")
    assert.strictEqual(text("Weekly planning of us", 15), "Weekly…")
    assert.strictEqual(text("weekly-planning", 10), "weekly-pl…")
    assert.strictEqual(text("会議会議会議", 10), "会議会議…")
    assert.strictEqual(text("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5), "👩‍👩‍👧👩‍👩‍👧…")
  })

  it("a text outside of a terminal is not shortened", () => {
    assert.strictEqual(text("Weekly planning of us", Infinity), "Weekly planning of us")
  })

  it.live("colors do not change the texts and their columns", () =>
    Effect.gen(function*() {
      const { listed } = yield* SandboxSpace.SandboxSpace
      const [plain, painted] = [false, true].map(color => table.make(tables.sessions, { ...options, color }))
      assert.include(painted?.header, "\u001b[1;36mSession\u001b[0m")
      for (const session of listed) {
        assert.strictEqual(stripVTControlCharacters(painted?.line(session) ?? ""), plain?.line(session))
        if (session.status === "in-progress") {
          assert.include(painted?.line(session), "\u001b[1;32min progress\u001b[0m")
        }
      }
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("times are in the zone of the options", () =>
    Effect.gen(function*() {
      const { listed: [session] } = yield* SandboxSpace.SandboxSpace
      assert.isDefined(session)
      assert.include(
        session === undefined ? "" : table.make(tables.sessions, options).line(session),
        "2026-10-06 16:00"
      )
    }).pipe(Effect.provide(SandboxSpace.layerTest)))
})
