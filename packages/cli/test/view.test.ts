import { RoomSession } from "@effect-signalwire/core"
import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { stripVTControlCharacters } from "node:util"
import * as view from "../src/view.ts"
import { nullable, sessionOf } from "./sample.ts"

const berlin = DateTime.zoneUnsafeMakeNamed("Europe/Berlin")
const plain: view.Options = { timeZone: berlin, width: 100, color: false }

const rows = view.groups.flatMap(([, rows]) => rows)

const lineOf = (field: view.Field, text: string, session = sessionOf()): string => {
  const label = rows.find(row => row.field === field)?.label(session) ?? "none"
  return text.split("\n").find(line => line.startsWith(`  ${label}  `)) ?? "no line"
}

describe("the view of a session", () => {
  it("a session is shown in five groups, date-times in the zone and in UTC, durations in units", () => {
    assert.strictEqual(
      view.render(sessionOf(), plain),
      `Weekly planning

Identity
  Session                   0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d
  Room                      1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e
  Name                      weekly-planning
  Display name              Weekly planning

State
  Status                    completed
  Started                   2026-01-31 23:50:12 +01:00 (22:50:12 UTC)
  Ended                     2026-02-01 00:50:13 +01:00 (2026-01-31 23:50:13 UTC)
  Lasted                    1 hour 1 second
  Locked                    yes
  Record created            2026-01-31 23:45:00 +01:00 (22:45:00 UTC)
  Record changed            2026-02-01 00:50:13 +01:00 (2026-01-31 23:50:13 UTC)

Media
  Quality                   1080p
  Frames per second         30
  Layout                    grid-responsive
  Recorded from the start   yes
  Audio and video in sync   yes
  Preview                   https://example.com/preview.webp

Schedule
  Open from                 2026-01-31 23:45:00 +01:00 (22:45:00 UTC)
  Open until                2026-02-01 00:30:00 +01:00 (2026-01-31 23:30:00 UTC)
  Everybody leaves          2026-02-01 02:00:00 +01:00 (01:00:00 UTC)
  Each member leaves after  1 hour 30 minutes

Settings
  Members at most           20
  Tone on entry and exit    no
  Room joins video off      yes
  User joins video off      no
  Raised hands come first   no`
    )
  })

  it("the label of the duration is So far in progress, and Lasted when completed", () => {
    const labels: ReadonlyArray<readonly [changes: Parameters<typeof sessionOf>[0], label: string]> = [
      [{ status: "completed" }, "Lasted"],
      [{ status: "completed", end_time: null }, "Lasted"],
      [{ status: "in-progress", end_time: null }, "So far"],
      [{ status: "in-progress" }, "So far"],
      [{ status: "paused", end_time: null }, "So far"],
      [{ status: "aborted" }, "Lasted"],
      [{ status: null, end_time: null }, "So far"],
      [{ status: null }, "Lasted"]
    ]
    for (const [changes, label] of labels) {
      const lines = view.render(sessionOf(changes), plain).split("\n")
      assert.include(lines, `  ${label.padEnd(24)}  1 hour 1 second`, JSON.stringify(changes))
    }
  })

  it("a session in progress has the time so far and no end", () => {
    const text = view.render(sessionOf({ status: "in-progress", end_time: null, duration: 11 }), plain)
    assert.include(
      text,
      `  Status                    in progress
  Started                   2026-01-31 23:50:12 +01:00 (22:50:12 UTC)
  Ended                     —
  So far                    11 seconds
`
    )
    assert.notInclude(text, "Lasted")
  })

  it("every field of a session has one row", () => {
    assert.deepStrictEqual(
      rows.map(row => row.field).toSorted(),
      Object.keys(RoomSession.RoomSessionSummary.fields).toSorted()
    )
  })

  for (const field of nullable) {
    it(`${field} is a dash only when it is null`, () => {
      const session = sessionOf({ [field]: null })
      assert.match(lineOf(field, view.render(session, plain), session), /^ {2}\S.* {2,}—$/)
      assert.notInclude(lineOf(field, view.render(sessionOf(), plain)), "—")
    })
  }

  for (const field of ["name", "display_name", "quality", "layout", "status", "preview_url"] as const) {
    it(`${field} is a dash when it has no visible character`, () => {
      for (const value of ["", "  ", "\t\n", "\u0007", "\u3000", "\u200d", "\u200b"]) {
        const text = view.render(sessionOf({ [field]: value }), plain)
        assert.match(lineOf(field, text), /^ {2}\S.* {2,}—$/, JSON.stringify(value))
      }
    })
  }

  it("no line ends with a blank", () => {
    const blanks = { name: " a  b ", display_name: "\tc\u0007", layout: "d ", quality: " ", preview_url: "https://e/ " }
    assert.notMatch(view.render(sessionOf(blanks), plain), /[^\S\n]$/m)
  })

  it("the title is the display name, else the name, else `Room session`", () => {
    const titleOf = (changes: Parameters<typeof sessionOf>[0]) => view.render(sessionOf(changes), plain).split("\n")[0]
    assert.strictEqual(titleOf({}), "Weekly planning")
    assert.strictEqual(titleOf({ display_name: null }), "weekly-planning")
    assert.strictEqual(titleOf({ display_name: " " }), "weekly-planning")
    assert.strictEqual(titleOf({ display_name: "\u200d", name: "b " }), "b")
    assert.strictEqual(titleOf({ display_name: null, name: null }), "Room session")
    assert.strictEqual(titleOf({ display_name: "\u0007", name: "" }), "Room session")
  })

  it("a date-time is shown once where the zone is UTC", () => {
    const text = view.render(sessionOf(), { ...plain, timeZone: DateTime.zoneMakeOffset(0) })
    assert.strictEqual(lineOf("start_time", text), "  Started                   2026-01-31 22:50:12 UTC")
  })

  it("values outside of the documented enumerations are shown unchanged", () => {
    const text = view.render(sessionOf({ quality: "4K", fps: 60, status: "paused" }), plain)
    assert.match(lineOf("quality", text), / 4K$/)
    assert.match(lineOf("fps", text), / 60$/)
    assert.match(lineOf("status", text), / paused$/)
  })

  it("control and direction characters of the service do not reach the terminal", () => {
    const text = view.render(sessionOf({ display_name: "a\u001b[31mb\r\nc\u009bd\u202ee", layout: "\u0007x" }), plain)
    assert.notMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u)
    assert.match(lineOf("display_name", text), /a \[31mb c d e$/)
  })

  it("long text wraps below its value, and addresses stay whole", () => {
    const preview = `https://example.com/${"x".repeat(100)}`
    const text = view.render(
      sessionOf({ display_name: "word ".repeat(40).trim(), preview_url: preview }),
      { ...plain, width: 70 }
    )
    const lines = text.split("\n")
    assert.isTrue(lines.every(line => line.length <= 70 || line.endsWith(preview)))
    assert.include(lines, `${" ".repeat(28)}word word word word word word word word`)
    assert.include(text, preview)
  })

  const family = "👩‍👩‍👧"
  const words: ReadonlyArray<readonly [what: string, word: string, columns: number]> = [
    ["ideographs as two columns each", "会議室", 6],
    ["an emoji of several characters as two columns", family, 2],
    ["a letter outside the first plane as one column", "𝒳", 1],
    ["combining marks as none", "e\u0301\u0323", 1],
    ["variation selectors and joiners as none", "a\ufe01\u200d", 1]
  ]
  for (const [what, word, columns] of words) {
    it(`wrapping counts ${what}`, () => {
      const width = 72
      const name = Array.from({ length: 60 }, () => word).join(" ")
      const first = lineOf("name", view.render(sessionOf({ name }), { ...plain, width }))
      const fitting = Math.floor((width - 28 + 1) / (columns + 1))
      assert.strictEqual(first.slice(28).split(" ").length, fitting)
    })
  }

  it("the text is the same with colors as without", () => {
    const colored = view.render(sessionOf({ status: "in-progress", end_time: null }), { ...plain, color: true })
    const bare = view.render(sessionOf({ status: "in-progress", end_time: null }), plain)
    assert.include(colored, "\u001b[")
    assert.notInclude(bare, "\u001b")
    assert.strictEqual(stripVTControlCharacters(colored), bare)
  })

  it("a title of several words is one run of bold text", () => {
    const colored = view.render(sessionOf(), { ...plain, color: true })
    assert.strictEqual(colored.split("\n")[0], "\u001b[1mWeekly planning\u001b[0m")
  })
})
