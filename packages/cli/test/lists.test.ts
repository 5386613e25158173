import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { createServer } from "node:http"
import { stripVTControlCharacters } from "node:util"
import { environmentOf, type Result, roomSession } from "./harness.ts"

const [session] = SandboxSpace.seeds

const run = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => roomSession(args, environmentOf(sandbox)))

const linesOf = ({ code, stderr, stdout }: Result): ReadonlyArray<string> => {
  assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
  return stdout === "" ? [] : stdout.trimEnd().split("\n")
}

const fails = (ran: Result, code: number, stderr: RegExp) => {
  assert.match(ran.stderr, stderr)
  assert.strictEqual(ran.code, code)
}

const idsOf = (ran: Result): ReadonlyArray<string> => linesOf(ran).map(line => JSON.parse(line).id)

/** The first sessions of the seeds, as the list has them. */
const firstOf = ({ listed: [one, two, three] }: SandboxSpace.Service) => {
  assert(one !== undefined && two !== undefined && three !== undefined)
  return [one, two, three] as const
}

const encoded = (items: ReadonlyArray<{ readonly toJSON: () => object }>): ReadonlyArray<string> =>
  items.map(item => JSON.stringify(item))

const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
  it.live(name, () => Effect.provide(test, SandboxSpace.layerTest))

/** When a session started, or the service created its record. */
const startOf = ({ created_at, start_time }: RoomSession.RoomSession): string =>
  Option.match(Option.fromNullable(start_time ?? created_at), { onNone: () => "", onSome: DateTime.formatIso })

/** A space of many sessions that records the queries of its list. */
const largeSpace = (total: number) =>
  Effect.gen(function*() {
    const queries: Array<URLSearchParams> = []
    const wire = Schema.encodeSync(RoomSession.RoomSessionSummary)(session)
    const server = createServer(({ url }, response) => {
      const query = new URL(url ?? "", "http://localhost").searchParams
      queries.push(query)
      const [start, size] = [Number(query.get("page_token") ?? 0), Number(query.get("page_size"))]
      const end = Math.min(total, start + size)
      const data = Array.from({ length: end - start }, (_, i) => ({
        ...wire,
        id: `0a1b2c3d-4e5f-4a6b-8c7d-${String(start + i).padStart(12, "0")}`
      }))
      const links = end < total ? { next: `?page_number=1&page_size=${size}&page_token=${end}` } : {}
      response.setHeader("content-type", "application/json").end(JSON.stringify({ links, data }))
    })
    yield* Effect.acquireRelease(
      Effect.async<void>(resume => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () => Effect.sync(() => server.close().closeAllConnections())
    )
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    const env = {
      SIGNALWIRE_REST_BASE_URL: `http://127.0.0.1:${port}`,
      SIGNALWIRE_PROJECT_ID: "p",
      SIGNALWIRE_API_TOKEN: "t"
    }
    return { env, queries }
  })

describe.concurrent("room-session list", () => {
  inSpace(
    "list shows a line for each session below the names of the columns",
    Effect.gen(function*() {
      const { listed } = yield* SandboxSpace.SandboxSpace
      const [header, ...lines] = linesOf(yield* run("list"))
      assert.match(header ?? "", /^Session +Status +Started +Duration +Name$/)
      assert.deepStrictEqual(lines.map(line => line.split(" ")[0]), listed.map(({ id }) => id))
      assert.strictEqual(
        lines[0],
        "3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13  completed    2026-10-06 14:00   47m 27s  design-review"
      )
    })
  )

  inSpace(
    "--json prints each session in the wire format on its own line",
    Effect.gen(function*() {
      const { listed } = yield* SandboxSpace.SandboxSpace
      const lines = linesOf(yield* run("list", "--json"))
      assert.deepStrictEqual(lines, encoded(listed))
      for (const line of lines) {
        assert.isTrue(Option.isSome(Schema.decodeUnknownOption(Schema.parseJson(RoomSession.RoomSession))(line)))
      }
    })
  )

  inSpace(
    "each filter selects its sessions, with its value after a blank or an equals sign, before or after the command",
    Effect.gen(function*() {
      const { listed } = yield* SandboxSpace.SandboxSpace
      const select = (predicate: (session: RoomSession.RoomSession) => boolean) =>
        listed.filter(predicate).map(({ id }) => id)
      const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, ids: ReadonlyArray<string>]> = [
        [["--status", "completed"], select(({ status }) => status === "completed")],
        [["--status=in-progress"], select(({ status }) => status === "in-progress")],
        [["--room-id", session.room_id ?? ""], select(({ room_id }) => room_id === session.room_id)],
        [["--room-name", "stand-up"], select(({ name }) => name === "stand-up")],
        [["--room-name", "stand"], []],
        [["--room-name-matches", "stand"], select(({ name }) => name === "stand-up")],
        [["--status", "in-progress", "--room-name-matches=call"], select(({ name }) => name === "call-4127")],
        [["--limit", "2"], select(() => true).slice(0, 2)],
        [["--limit", "5", "--limit", "1"], select(() => true).slice(0, 1)],
        [["--limit", "1", "--status", "in-progress"], select(({ status }) => status === "in-progress").slice(0, 1)],
        [["--since", "2026-10-07T07:15Z"], select(session => startOf(session) >= "2026-10-07T07:15:00.000Z")],
        [["--until", "2026-10-07T07:15Z"], select(session => startOf(session) < "2026-10-07T07:15:00.000Z")],
        [
          ["--since", "2026-10-06T00:00Z", "--until", "2026-10-07T00:00Z"],
          select(session => startOf(session).startsWith("2026-10-06"))
        ],
        [["--until", "2026-10-07T07:15Z", "--limit", "1"], select(() => true).slice(0, 1)],
        [["--until", "20000d"], []]
      ]
      for (const [args, ids] of cases) {
        assert.deepStrictEqual(idsOf(yield* run("list", "--json", ...args)), ids, args.join(" "))
        assert.deepStrictEqual(idsOf(yield* run(...args, "list", "--json")), ids, args.join(" "))
      }
    })
  )

  inSpace(
    "a period that contains no time is an error",
    Effect.gen(function*() {
      for (const until of ["2026-10-06T00:00Z", "2026-10-07T00:00Z"]) {
        const ran = yield* run("list", "--since", "2026-10-07T00:00Z", "--until", until)
        assert.match(ran.stderr, /^room-session: --since must be before --until: it is 2026-10-07T00:00:00\.000Z, and/)
        assert.deepStrictEqual({ code: ran.code, stdout: ran.stdout }, { code: 2, stdout: "" })
      }
    })
  )

  inSpace(
    "a list without items is a sentence as text, and nothing as JSON",
    Effect.gen(function*() {
      const unknown = "00000000-0000-4000-8000-000000000000"
      for (
        const [args, text] of [
          [["list", "--room-name", "none"], "No room sessions."],
          [["members", unknown], "No members."],
          [["events", unknown], "No events."],
          [["recordings", unknown], "No recordings."]
        ] as const
      ) {
        assert.deepStrictEqual(linesOf(yield* run(...args)), [text])
        assert.deepStrictEqual(linesOf(yield* run(...args, "--json")), [])
      }
    })
  )

  it.live("a limit is loaded in equal pages of at most 1,000 sessions, and a list without one, or of a period, in pages of 1,000", () =>
    Effect.gen(function*() {
      const { env, queries } = yield* largeSpace(2100)
      for (
        const [args, count, sizes] of [
          [["--limit", "1"], 1, "1"],
          [["--limit", "60"], 60, "60"],
          [["--limit", "1000"], 1000, "1000"],
          [["--limit", "1500"], 1500, "750 750"],
          [["--limit", "1501"], 1501, "751 751"],
          [[], 2100, "1000 1000 1000"],
          [["--limit", "60", "--since", "2000-01-01"], 60, "1000"],
          [["--limit", "60", "--until", "2000-01-01"], 0, "1000 1000 1000"]
        ] as const
      ) {
        queries.length = 0
        const ids = idsOf(yield* roomSession(["list", "--json", ...args], env))
        assert.lengthOf(new Set(ids), count)
        assert.strictEqual(queries.map(query => query.get("page_size")).join(" "), sizes)
      }
    }).pipe(Effect.scoped))

  inSpace(
    "a session that comes on two pages is shown once",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const [one, two, three] = firstOf(sandbox)
      const page = (data: ReadonlyArray<unknown>, next?: string) => ({
        body: JSON.stringify({ links: { next }, data })
      })
      yield* sandbox.respondNext(page([one, two], "?page_number=1&page_token=a"), page([two, three]))
      assert.deepStrictEqual(idsOf(yield* run("list", "--json")), [one.id, two.id, three.id])
    })
  )

  inSpace(
    "a page that fails is an error after the sessions of the pages before it",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const [one] = firstOf(sandbox)
      const body = JSON.stringify({ links: { next: "?page_number=1&page_token=a" }, data: [one] })
      for (const [args, lines] of [[["list"], 2], [["list", "--csv"], 2]] as const) {
        yield* sandbox.respondNext({ body }, 500, 500, 500)
        const ran = yield* run(...args)
        fails(
          ran,
          8,
          /^room-session: the service failed \(status 500, 3 attempts, \d+ ms\)\nTry again later\.[^\n]+\n$/
        )
        assert.lengthOf(ran.stdout.trimEnd().split("\n"), lines)
        assert.include(ran.stdout, one.id)
      }
    })
  )

  inSpace(
    "a 422 is an error with the detail of the service, and about the options for the list of sessions, else about the id",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const body = JSON.stringify({ errors: [{ type: "validation_error", message: "is not right", attribute: "x" }] })
      yield* sandbox.respondNext({ status: 422, body }, { status: 422, body })
      fails(
        yield* run("list"),
        1,
        /^room-session: [^\n]+422[^\n]+\nThe service says: is not right\nCheck the options\. If they are right, [^\n]+\n$/
      )
      fails(
        yield* run("members", session.id),
        1,
        /^room-session: [^\n]+422[^\n]+\nThe service says: is not right\nCheck the id\. If it is right, [^\n]+\n$/
      )
    })
  )

  inSpace(
    "control characters of the service are blanks in a table, and escaped in JSON",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const body = JSON.stringify({ data: [{ ...sandbox.listed[0]?.toJSON(), name: "a\u001b[1mb\u009bc\n\nd" }] })
      yield* sandbox.respondNext({ body }, { body })
      assert.match((yield* run("list")).stdout, / {2}a \[1mb c d\n$/)
      assert.include((yield* run("list", "--json")).stdout, String.raw`"name":"a\u001b[1mb\u009bc\n\nd"`)
    })
  )
})

describe.concurrent("the lists of a session", () => {
  inSpace(
    "members, events and recordings show a line for each item, and its wire format with --json",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const lists = {
        members: [sandbox.members, RoomSessionMember.RoomSessionMember],
        events: [sandbox.events, RoomSessionEvent.RoomSessionEvent],
        recordings: [sandbox.recordings, RoomRecording.RoomRecording]
      } as const
      for (const [name, [all, schema]] of Object.entries(lists)) {
        const items = all.filter(({ room_session_id }) => room_session_id === session.id)
        assert.isNotEmpty(items)
        assert.lengthOf(linesOf(yield* run(name, session.id)), items.length + 1)
        const lines = linesOf(yield* run(name, "--json", session.id))
        assert.lengthOf(lines, items.length)
        assert.deepStrictEqual(
          lines.map(line => JSON.parse(line).id),
          items.map(({ id }) => id)
        )
        for (const line of lines) {
          assert.isTrue(Option.isSome(Schema.decodeUnknownOption(Schema.parseJson(schema))(line)), line)
        }
      }
    })
  )

  inSpace(
    "the URL of a recording is in its JSON only",
    Effect.gen(function*() {
      const { recordings } = yield* SandboxSpace.SandboxSpace
      const recording = recordings.find(({ uri }) => uri !== null)
      assert(recording !== undefined && recording.uri !== null)
      const id = recording.room_session_id
      assert.notInclude((yield* run("recordings", id)).stdout, "http")
      assert.include((yield* run("recordings", id, "--json")).stdout, recording.uri)
    })
  )

  inSpace(
    "an id that is no UUID is an error without a request, and an id that the service does not find is one to check",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      for (const name of ["members", "events", "recordings"]) {
        const before = (yield* sandbox.requests).length
        fails(
          yield* run(name, "42"),
          2,
          /^room-session: id is not valid: expected a UUID; nothing was sent\nCopy the whole id[^\n]+\n$/
        )
        assert.lengthOf(yield* sandbox.requests, before)
        yield* sandbox.respondNext(404)
        fails(
          yield* run(name, session.id),
          5,
          /^room-session: [^\n]+404[^\n]+\nCheck the id and SIGNALWIRE_PROJECT_ID: /
        )
      }
    })
  )

  inSpace(
    "get --members shows the session and then its members, with --json each on a line",
    Effect.gen(function*() {
      const one = (yield* run("get", session.id)).stdout
      const { stdout: members } = yield* run("members", session.id)
      assert.strictEqual((yield* run("get", session.id, "--members")).stdout, `${one}\n${members}`)
      const [first, ...others] = linesOf(yield* run("get", "--members", session.id, "--json"))
      assert.strictEqual(`${first}\n`, (yield* run("get", session.id, "--json")).stdout)
      assert.deepStrictEqual(others, linesOf(yield* run("members", session.id, "--json")))
    })
  )
})

describe("the command line of the lists", () => {
  const wrong: ReadonlyArray<readonly [args: string, stderr: RegExp]> = [
    ["list --status bogus", /^room-session: --status expects one of in-progress, completed\n/],
    ["list --status=", /^room-session: --status expects one of in-progress, completed\n/],
    ["list --status", /^room-session: --status expects one of in-progress, completed\n/],
    ["list --room-id 42", /^room-session: --room-id expects a UUID\n/],
    ["list --room-name=", /^room-session: --room-name expects a name\n/],
    ["list --room-name-matches", /^room-session: --room-name-matches expects a part of a name\n/],
    ...["0", "-1", "1.5", "1e3", "x", ""].map(value =>
      [`list --limit ${value}`, /^room-session: --limit expects a whole number from 1\n/] as const
    ),
    ["list --limits 5", /^room-session: Unknown option --limits\nDid you mean --limit\?\n/],
    ["list --raw --since 7d", /^room-session: --raw excludes --since and --until, because it prints whole pages\.\n/],
    ["list --until 7d --raw", /^room-session: --raw excludes --since and --until, because it prints whole pages\.\n/],
    ["list more", /^room-session: Unexpected argument more\nlist takes no argument\.\n/],
    ["members more more", /^room-session: Unexpected argument more\nmembers takes <id>\.\n/],
    ["members", /^room-session: Missing argument <id>\n/],
    ["events --wat", /^room-session: Unknown option --wat\n/]
  ]
  for (const [args, stderr] of wrong) {
    it.live(`room-session ${args} exits with 2 and a message`, () =>
      Effect.gen(function*() {
        const ran = yield* roomSession(args.split(" "))
        assert.match(ran.stderr, stderr)
        assert.include(ran.stderr, `\nSee room-session ${args.split(" ")[0]} --help\n`)
        assert.deepStrictEqual({ code: ran.code, stdout: ran.stdout }, { code: 2, stdout: "" })
      }))
  }

  it.live("--help has each command", () =>
    Effect.gen(function*() {
      const text = stripVTControlCharacters((yield* roomSession(["--help"])).stdout)
      for (const name of ["list", "get", "members", "events", "recordings"]) {
        assert.match(text, new RegExp(`\n  ${name} +[A-Z]`))
      }
      for (const args of [["list", "--help"], ["--limit", "5", "list", "--help"]]) {
        assert.match(
          stripVTControlCharacters((yield* roomSession(args)).stdout),
          /\n  room-session list \[options\]\n[^$]*--status STATUS/
        )
      }
    }))
})
