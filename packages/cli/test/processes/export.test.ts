import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { parse } from "csv-parse/sync"
import { Effect } from "effect"
import type { ChildProcess } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { createRequire } from "node:module"
import { hostname, tmpdir } from "node:os"
import { basename, extname, join } from "node:path"
import { environmentOf, type Result, roomSession } from "../harness.ts"
import * as command from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "room-session-export-"))
const { bundle, folder: bundleFolder, remove, run: runProcess } = command.make()

beforeAll(bundle, 120_000)
afterAll(() => {
  remove()
  rmSync(folder, { recursive: true })
})

let files = 0
const newPath = (extension: string): string => join(folder, `${++files}.${extension}`)

const run = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(
    SandboxSpace.SandboxSpace,
    sandbox => roomSession(["export", ...args], environmentOf(sandbox))
  )

const succeeds = ({ code, stderr, stdout }: Result, summary: RegExp) => {
  assert.match(stderr, summary)
  assert.deepStrictEqual({ code, stdout }, { code: 0, stdout: "" })
}

const linesOf = (path: string): ReadonlyArray<{ readonly id: string; readonly members?: ReadonlyArray<object> }> =>
  readFileSync(path, "utf8").trimEnd().split("\n").map(line => JSON.parse(line))

const rowsOf = (path: string): ReadonlyArray<Readonly<Record<string, string>>> =>
  parse(readFileSync(path, "utf8"), { columns: true })

/** Whether the native module was built, which no other test needs. */
const hasSqlite = (() => {
  try {
    const Database = createRequire(new URL("../../package.json", import.meta.url))("better-sqlite3")
    new Database(":memory:").close()
    return true
  } catch {
    return false
  }
})()

const query = (path: string, sql: string): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const Database = createRequire(new URL("../../package.json", import.meta.url))("better-sqlite3")
  const database = new Database(path)
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

/** The names of the files that an export to a path has written. */
const filesOf = (path: string): ReadonlyArray<string> =>
  readdirSync(folder).filter(name => name.startsWith(basename(path, extname(path)) + "."))

const execute = (path: string, sql: string): void => {
  const Database = createRequire(new URL("../../package.json", import.meta.url))("better-sqlite3")
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

/** Sets the record of an export to the time of its first write, as it is when the process is killed then. */
const setKilled = (path: string, record: string): void => {
  const { files, ...rest } = JSON.parse(record)
  const sizes = Object.entries<readonly [number, number]>(files).map(([name, [, after]]) => [name, [0, after]])
  writeFileSync(`${path}.resume.json`, JSON.stringify({ ...rest, files: Object.fromEntries(sizes) }))
}

const inSpace = <E>(name: string, test: Effect.Effect<void, E, SandboxSpace.SandboxSpace>) =>
  it.live(name, () => Effect.provide(test, SandboxSpace.layerTest))

const unknownId = "00000000-0000-4000-8000-000000000000"
const parts = ["members", "recordings"] as const

describe("room-session export", () => {
  inSpace(
    "an export by the list is a line of JSON for each session, with its cost and the parts that were asked for",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("ndjson")
      succeeds(yield* run("--out", path, "--with", "members,recordings"), /^Exported 6 sessions to /)
      assert.deepStrictEqual(
        linesOf(path),
        sandbox.listed.map(session => ({
          ...JSON.parse(JSON.stringify(session)),
          ...Object.fromEntries(parts.map(part => [
            part,
            JSON.parse(JSON.stringify(sandbox[part].filter(({ room_session_id }) => room_session_id === session.id)))
          ]))
        }))
      )
    })
  )

  inSpace(
    "an export as CSV has a file of the sessions, and one of each part",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("csv")
      succeeds(yield* run("--out", path, "--format", "csv", "--with", "members"), /^Exported 6 /)
      assert.deepStrictEqual(rowsOf(path).map(({ id }) => id), sandbox.listed.map(({ id }) => id))
      const members = rowsOf(path.replace(".csv", ".members.csv"))
      assert.sameMembers(members.map(({ id = "" }) => id), sandbox.members.map(({ id }) => id))
    })
  )

  it.live.skipIf(!hasSqlite)(
    "an export as SQLite has a table of the sessions, and one of each part",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* SandboxSpace.SandboxSpace
        const path = newPath("sqlite")
        for (
          const [args, summary] of [[[], /^Exported 6 /], [["--resume"], /^Exported 0 [^\n]*, which had 6, /]] as const
        ) {
          succeeds(yield* run("--out", path, "--format", "sqlite", "--with", "members,recordings", ...args), summary)
          const costs = query(path, "SELECT id, cost_in_dollars, locked FROM sessions")
          assert.sameDeepMembers(
            [...costs],
            sandbox.listed.map(session => {
              const { cost_in_dollars, id, locked } = JSON.parse(JSON.stringify(session))
              return { id, cost_in_dollars, locked: locked === null ? null : Number(locked) }
            })
          )
          for (const part of parts) {
            assert.lengthOf(query(path, `SELECT id FROM ${part}`), sandbox[part].length)
          }
          const types = query(
            path,
            "SELECT DISTINCT typeof(max_members) AS count, typeof(record_on_start) AS flag FROM sessions WHERE max_members + record_on_start IS NOT NULL"
          )
          assert.deepStrictEqual([...types].map(type => ({ ...type })), [{ count: "integer", flag: "integer" }])
        }
      }).pipe(Effect.provide(SandboxSpace.layerTest))
  )

  inSpace(
    "--status, --since and --until select sessions",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      for (
        const [args, expected] of [
          [["--status", "completed"], sandbox.listed.filter(({ status }) => status === "completed")],
          [
            ["--since", "2026-10-06T14:00Z"],
            sandbox.listed.filter(({ created_at, start_time }) =>
              String((start_time ?? created_at)?.epochMillis) >= String(Date.parse("2026-10-06T14:00Z"))
            )
          ],
          [["--since", "2099-01-01"], []],
          [
            ["--since", "2026-10-06T14:00:12Z", "--until", "2026-10-07T16:00:03Z"],
            sandbox.listed.filter(({ start_time }) =>
              start_time !== null && start_time.epochMillis >= Date.parse("2026-10-06T14:00:12Z") &&
              start_time.epochMillis < Date.parse("2026-10-07T16:00:03Z")
            )
          ],
          [["--until", "20000d"], []]
        ] as const
      ) {
        const path = newPath("csv")
        const { code } = yield* run("--out", path, "--format", "csv", ...args)
        assert.strictEqual(code, 0)
        assert.deepStrictEqual(rowsOf(path).map(({ id }) => id), expected.map(({ id }) => id))
      }
    })
  )

  inSpace(
    "a period that contains no time is an error, and leaves no file",
    Effect.gen(function*() {
      const path = newPath("ndjson")
      const ran = yield* run("--out", path, "--since", "2026-10-07T00:00Z", "--until", "2026-10-06T00:00Z")
      assert.match(
        ran.stderr,
        /^room-session: --since must be before --until: it is 2026-10-07T00:00:00\.000Z, and not before 2026-10-06T00:00:00\.000Z\.\n/
      )
      assert.deepStrictEqual({ code: ran.code, files: filesOf(path) }, { code: 2, files: [] })
    })
  )

  inSpace(
    "an export by ids writes each id once, and the errors of the others to a file of their own",
    Effect.gen(function*() {
      const [first, second] = SandboxSpace.seeds
      const [ids, path] = [newPath("txt"), newPath("ndjson")]
      writeFileSync(ids, [first.id, unknownId, "", first.id.toUpperCase(), "42", second.id].join("\n"))
      const { code, stderr } = yield* run("--ids", ids, "--out", path)
      assert.match(stderr, /^Exported 2 sessions to [^\n]+\n2 failed: [^\n]+\.failed\.ndjson has [^\n]+--resume\.\n$/)
      assert.strictEqual(code, 1)
      assert.sameMembers(linesOf(path).map(({ id }) => id), [first.id, second.id])
      const failed = readFileSync(`${path}.failed.ndjson`, "utf8").trimEnd().split("\n").map(line => JSON.parse(line))
      assert.sameDeepMembers(failed.map(({ id, status, tag }) => ({ id, status, tag })), [
        { id: unknownId, status: 404, tag: "SignalWireNotFound" },
        { id: "42", status: null, tag: "SignalWireInvalidRequest" }
      ])

      writeFileSync(ids, [first.id, second.id].join("\n"))
      succeeds(yield* run("--ids", ids, "--out", path, "--resume"), /^Exported 0 [^\n]+, which had 2, [^\n]+\n$/)
      assert.isFalse(existsSync(`${path}.failed.ndjson`))
    })
  )

  inSpace(
    "20 % of 500s lose no session",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("ndjson")
      yield* sandbox.respondNext(500, 200, 200, 500, 200, 200, 200, 500)
      succeeds(yield* run("--out", path, "--with", "members"), /^Exported 6 /)
      assert.lengthOf(linesOf(path), 6)
    })
  )

  inSpace(
    "a part whose request is a 403 is one that failed, and wrong credentials end an export",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("ndjson")
      // the first request is that of the list
      yield* sandbox.respondNext(200, 403)
      const ran = yield* run("--out", path, "--with", "members")
      assert.match(ran.stderr, /^Exported 5 sessions to [^\n]+\n1 failed: /)
      assert.strictEqual(ran.code, 1)
      const other = newPath("ndjson")
      yield* sandbox.respondNext(200, 401)
      const ended = yield* run("--out", other, "--with", "members")
      assert.match(ended.stderr, /status 401/)
      assert.deepStrictEqual({ code: ended.code, files: filesOf(other) }, { code: 4, files: [] })
    })
  )

  inSpace(
    "wrong credentials end an export with the exit code 4, and leave no file",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const ids = newPath("txt")
      writeFileSync(ids, sandbox.sessions.map(({ id }) => id).join("\n"))
      const env = { ...environmentOf(sandbox), SIGNALWIRE_API_TOKEN: "wrong" }
      for (const format of ["ndjson", "csv", ...(hasSqlite ? ["sqlite"] : [])]) {
        for (const by of [[], ["--ids", ids]]) {
          const path = newPath(format)
          const args = ["--out", path, "--format", format, ...by]
          const { code, stderr } = yield* roomSession(["export", ...args], env)
          assert.match(stderr, /^room-session: not authorized /)
          assert.notInclude(stderr, "--resume")
          assert.strictEqual(code, 4)
          assert.deepStrictEqual(filesOf(path), [])
          succeeds(yield* run(...args), /^Exported 6 /)
        }
      }
    })
  )

  inSpace(
    "a file that exists is neither replaced nor continued, unless --resume is given",
    Effect.gen(function*() {
      for (const format of ["ndjson", "csv", ...(hasSqlite ? ["sqlite"] : [])]) {
        const path = newPath(format)
        writeFileSync(path, "mine\n")
        const { code, stderr } = yield* run("--out", path, "--format", format)
        assert.match(stderr, /^room-session: there is a file [^\n]+ already\.\nPass --resume /)
        assert.strictEqual(code, 2)
        const resumed = yield* run("--out", path, "--format", format, "--resume")
        assert.notStrictEqual(resumed.code, 0, format)
        assert.strictEqual(readFileSync(path, "utf8"), "mine\n")
      }
    })
  )

  inSpace(
    "--resume removes what a killed process left of a line, and writes each session once",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const ids = sandbox.listed.map(({ id }) => id)
      const path = newPath("ndjson")
      yield* run("--out", path)
      const [first = "", second = ""] = readFileSync(path, "utf8").split("\n")
      const record = readFileSync(`${path}.resume.json`, "utf8")
      for (const cut of [1, 40, second.length - 1, second.length]) {
        writeFileSync(path, `${first}\n${second.slice(0, cut)}`)
        setKilled(path, record)
        succeeds(yield* run("--out", path, "--resume"), /^Exported 5 [^\n]+, which had 1, /)
        assert.deepStrictEqual(linesOf(path).map(({ id }) => id), ids)
      }
    })
  )

  inSpace(
    "--resume of CSV removes a row that is cut, and the members of a session that is not there",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("csv")
      const membersPath = path.replace(".csv", ".members.csv")
      const args = ["--out", path, "--format", "csv", "--with", "members"]
      yield* run(...args)
      const [whole, members] = [readFileSync(path, "utf8"), readFileSync(membersPath, "utf8")]
      const [header = "", first = "", second = ""] = whole.split("\n")
      const record = readFileSync(`${path}.resume.json`, "utf8")
      for (const rest of ["", second.slice(0, 3), second.slice(0, -1), second, `x,"open\n`]) {
        writeFileSync(path, `${header}\n${first}\n${rest}`)
        writeFileSync(membersPath, members.slice(0, -3))
        setKilled(path, record)
        succeeds(yield* run(...args, "--resume"), /^Exported 5 [^\n]+, which had 1, /)
        assert.strictEqual(readFileSync(path, "utf8"), whole)
        assert.strictEqual(readFileSync(membersPath, "utf8"), members)
      }
      const ids = rowsOf(membersPath).map(({ id = "" }) => id)
      assert.sameMembers(ids, sandbox.members.map(({ id }) => id))

      const other = yield* run("--out", path, "--format", "csv", "--ids", "/dev/null", "--resume")
      assert.match(other.stderr, /cannot be continued: it was made with --with members and without --ids\.\n/)
      assert.strictEqual(readFileSync(path, "utf8"), whole)
    })
  )

  inSpace(
    "--resume does not change a file that no export wrote",
    Effect.gen(function*() {
      const contents = [
        ["ndjson", "{\"precious\":1}"],
        ["ndjson", "{\"id\":\"x\"}\n"],
        ["csv", "x".repeat(200_000)],
        ["csv", "id,\"name\nnotes"],
        ...(hasSqlite ? [["sqlite", "notes"] as const] : [])
      ] as const
      for (const [format, content] of contents) {
        const path = newPath(format)
        writeFileSync(path, content)
        const { code, stderr } = yield* run("--out", path, "--format", format, "--resume")
        assert.match(stderr, /^room-session: [^\n]+ cannot be continued: /)
        assert.strictEqual(code, 2)
        assert.deepStrictEqual(filesOf(path), [basename(path)])
        assert.strictEqual(readFileSync(path, "utf8"), content)
      }
    })
  )

  it.live.skipIf(!hasSqlite)("--resume does not change a database that no export wrote", () =>
    Effect.gen(function*() {
      const path = newPath("sqlite")
      execute(path, "CREATE TABLE notes (text)")
      const before = readFileSync(path)
      const { code, stderr } = yield* run("--out", path, "--format", "sqlite", "--resume")
      assert.match(stderr, /cannot be continued: it has no record of an export/)
      assert.strictEqual(code, 2)
      assert.isTrue(readFileSync(path).equals(before))
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  inSpace(
    "--resume continues a file that is empty",
    Effect.gen(function*() {
      for (const format of ["ndjson", "csv", ...(hasSqlite ? ["sqlite"] : [])]) {
        const path = newPath(format)
        writeFileSync(path, "")
        succeeds(yield* run("--out", path, "--format", format, "--resume"), /^Exported 6 /)
      }
    })
  )

  inSpace(
    "--resume does not change a file that was changed after the export",
    Effect.gen(function*() {
      for (const format of ["ndjson", "csv"]) {
        const path = newPath(format)
        const args = ["--out", path, "--format", format]
        yield* run(...args)
        const whole = readFileSync(path, "utf8")
        for (const changed of [`${whole}mine`, `${whole}\n`, `"${whole}`]) {
          writeFileSync(path, changed)
          const { code, stderr } = yield* run(...args, "--resume")
          assert.match(stderr, /cannot be continued: [^\n]+ was changed after the export\.\n/)
          assert.strictEqual(code, 2)
          assert.strictEqual(readFileSync(path, "utf8"), changed)
        }
      }
    })
  )

  inSpace(
    "--resume of CSV with a row that is not CSV says which one, and changes nothing",
    Effect.gen(function*() {
      const path = newPath("csv")
      const args = ["--out", path, "--format", "csv"]
      yield* run(...args)
      const rows = readFileSync(path, "utf8").split("\n")
      const changed = rows.map((row, i) => i === 3 ? `"x"y${row.slice(4)}` : row).join("\n")
      writeFileSync(path, changed)
      const { code, stderr } = yield* run(...args, "--resume")
      assert.match(stderr, /cannot be continued: row 4 is not CSV\.\n/)
      assert.strictEqual(code, 2)
      assert.strictEqual(readFileSync(path, "utf8"), changed)
    })
  )

  inSpace(
    "--resume with other options than those of the export is a usage error that names them",
    Effect.gen(function*() {
      const ids = newPath("txt")
      writeFileSync(ids, SandboxSpace.seeds.map(({ id }) => id).join("\n"))
      for (const format of ["ndjson", "csv", ...(hasSqlite ? ["sqlite"] : [])]) {
        const path = newPath(format)
        yield* run("--out", path, "--format", format, "--status", "completed", "--since", "20000d", "--until", "1d")
        for (
          const [args, made] of [
            [["--status", "completed", "--since", "20000d", "--until", "1d", "--with", "members"], "without --with"],
            [["--status", "in-progress", "--since", "20000d", "--until", "1d"], "with --status completed"],
            [["--status", "completed", "--since", "19999d", "--until", "1d"], "with --since 20000d"],
            [["--status", "completed", "--since", "20000d"], "with --until 1d"],
            [["--status", "completed", "--since", "20000d", "--until", "25h"], "with --until 1d"],
            [["--ids", ids], "with --status completed and with --since 20000d and with --until 1d and without --ids"]
          ] as const
        ) {
          const before = readFileSync(path)
          const { code, stderr } = yield* run("--out", path, "--format", format, ...args, "--resume")
          assert.include(stderr, `cannot be continued: it was made`)
          for (const one of made.split(" and ")) assert.include(stderr, one)
          assert.strictEqual(code, 2)
          assert.isTrue(readFileSync(path).equals(before))
        }
        const same = ["--status", "completed", "--since", "480000h", "--until", "24h", "--resume"]
        succeeds(yield* run("--out", path, "--format", format, ...same), /^Exported 0 /)
      }
    })
  )

  inSpace(
    "an age of --since and of --until is counted from the first run",
    Effect.gen(function*() {
      for (const [args, bound] of [[["--since", "0s"], "from"], [["--until", "20000d"], "until"]] as const) {
        const path = newPath("csv")
        const all = ["--out", path, "--format", "csv", ...args]
        succeeds(yield* run(...all), /^Exported 0 /)
        const record = JSON.parse(readFileSync(`${path}.resume.json`, "utf8"))
        const first = "2026-10-07T00:00:00.000Z"
        writeFileSync(`${path}.resume.json`, JSON.stringify({ ...record, [bound]: first }))
        succeeds(yield* run(...all, "--resume"), /^Exported 3 /)
        assert.strictEqual(JSON.parse(readFileSync(`${path}.resume.json`, "utf8"))[bound], first)
      }
    })
  )

  inSpace(
    "--resume leaves a session as it was written, in progress, and adds those that are new",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const completed = sandbox.listed.find(({ status }) => status === "completed")
      const inProgress = { ...completed?.toJSON(), status: "in-progress", end_time: null }
      const path = newPath("ndjson")
      yield* sandbox.respondNext({ body: JSON.stringify({ links: {}, data: [inProgress] }) })
      succeeds(yield* run("--out", path), /^Exported 1 /)
      succeeds(yield* run("--out", path, "--resume"), /^Exported 5 [^\n]+, which had 1, /)
      assert.include(readFileSync(path, "utf8").split("\n")[0], `"status":"in-progress"`)
      assert.lengthOf(linesOf(path), 6)
    })
  )

  inSpace(
    "of two exports to one file, the second one fails while the first one runs",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("ndjson")
      const runOne = runProcess(["export", "--out", path, "--resume", "--with", "members"], environmentOf(sandbox))
      const both = yield* Effect.all([runOne, runOne, runOne], { concurrency: 3 })
      assert.include(both.map(({ code }) => code), 0)
      for (const { code, stderr } of both) {
        if (code !== 0) assert.match(stderr, /^room-session: another command is writing to [^\n]+: process \d+ on /)
      }
      assert.sameMembers(linesOf(path).map(({ id }) => id), sandbox.listed.map(({ id }) => id))
      assert.isFalse(existsSync(`${path}.lock`))
    })
  )

  inSpace(
    "the lock of a process that exists is kept, and that of a process that was killed is taken over",
    Effect.gen(function*() {
      const path = newPath("ndjson")
      writeFileSync(`${path}.lock`, `process ${process.ppid} on ${hostname()}\n`)
      const held = yield* run("--out", path)
      assert.match(held.stderr, /another command is writing to [^]+ remove [^\n]+\.lock\.\n$/)
      assert.strictEqual(held.code, 1)
      writeFileSync(`${path}.lock`, `process 2147483646 on ${hostname()}\n`)
      succeeds(yield* run("--out", path), /^Exported 6 /)
      assert.deepStrictEqual(filesOf(path).toSorted(), [basename(path), `${basename(path)}.resume.json`].toSorted())
    })
  )

  inSpace(
    "an empty lock is kept while a process can still write to it, and then taken over; that of a file with a text is kept",
    Effect.gen(function*() {
      const path = newPath("ndjson")
      const old = new Date(Date.now() - 60_000)
      writeFileSync(`${path}.lock`, "")
      const held = yield* run("--out", path)
      assert.match(held.stderr, /another command is writing to [^:]+\.\nWait until it ends\. [^\n]+\.lock\.\n$/)
      writeFileSync(`${path}.lock`, "mine\n")
      utimesSync(`${path}.lock`, old, old)
      assert.strictEqual((yield* run("--out", path)).code, 1)
      assert.strictEqual(readFileSync(`${path}.lock`, "utf8"), "mine\n")
      for (const content of ["", "\0".repeat(25)]) {
        writeFileSync(`${path}.lock`, content)
        utimesSync(`${path}.lock`, old, old)
        succeeds(yield* run("--out", path, "--resume"), /^Exported /)
        assert.isFalse(existsSync(`${path}.lock`))
      }
    })
  )

  // no file can grow in the limits of the shell, as on a full disk
  it.live.skipIf(process.platform === "win32")("an export on a full disk leaves no lock", () =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("ndjson")
      const limited = join(folder, "limited.sh")
      writeFileSync(limited, `#!/bin/sh\nulimit -f 0\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 })
      const args = ["export", "--out", path]
      const { code, stderr } = yield* runProcess(args, environmentOf(sandbox), undefined, "pipe", limited)
      assert.match(stderr, /cannot be read or written \(EFBIG\)\.\n/)
      assert.strictEqual(code, 1)
      assert.deepStrictEqual(filesOf(path), [])
      succeeds(yield* run("--out", path), /^Exported 6 /)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  inSpace(
    "a file of errors that no export wrote is not removed",
    Effect.gen(function*() {
      const path = newPath("ndjson")
      const failedPath = `${path}.failed.ndjson`
      writeFileSync(failedPath, "mine\n")
      for (const resume of [[], ["--resume"]]) {
        const { code, stderr } = yield* run("--out", path, ...resume)
        assert.match(stderr, /^room-session: there is a file [^\n]+failed\.ndjson already, for what fails\.\n/)
        assert.strictEqual(code, 2)
      }
      assert.deepStrictEqual(filesOf(path), [basename(failedPath)])
      assert.strictEqual(readFileSync(failedPath, "utf8"), "mine\n")
    })
  )

  inSpace(
    "--out is a file: standard output, a device, a folder and a file in no folder are errors",
    Effect.gen(function*() {
      const directory = newPath("d")
      mkdirSync(directory)
      for (const path of ["-", "/dev/stdout", directory]) {
        const { code, stderr } = yield* run("--out", path)
        assert.match(stderr, /(?:and not standard output|is not a file)\.\nTo write to standard output, use [^\n]+\n/)
        assert.strictEqual(code, 2)
      }
      for (const format of ["ndjson", "csv", ...(hasSqlite ? ["sqlite"] : [])]) {
        const path = join(folder, "none", `a.${format}`)
        const { code, stderr } = yield* run("--out", path, "--format", format)
        assert.strictEqual(
          stderr,
          `room-session: ${path} cannot be read or written (ENOENT).\nCheck the path, and the space of its disk.\n`
        )
        assert.strictEqual(code, 1)
      }
    })
  )

  inSpace(
    "--json prints the summary of an export, and its errors, as JSON",
    Effect.gen(function*() {
      const path = newPath("ndjson")
      const { code, stderr, stdout } = yield* run("--out", path, "--json")
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      assert.deepStrictEqual(JSON.parse(stdout), { file: path, exported: 6, before: 0, failed: 0, failedFile: null })
      const again = yield* run("--out", path, "--json")
      assert.deepInclude(JSON.parse(again.stderr), { tag: "UsageError", message: `there is a file ${path} already.` })
      assert.strictEqual(again.code, 2)
    })
  )

  inSpace(
    "--quiet prints nothing, and a missing --out or a mixture of ids and filters is a usage error",
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run("--out", newPath("ndjson"), "--quiet"), { code: 0, stdout: "", stderr: "" })
      for (
        const args of [
          [],
          ["--ids", "x", "--status", "completed", "--out", "y"],
          ["--ids", "/dev/null", "--until", "7d", "--out", newPath("ndjson")],
          ["--ids", "no/such/file", "--out", newPath("ndjson")],
          ["--format", "xml", "--out", "y"],
          ["--with", "events", "--out", "y"],
          ["--since", "yesterday", "--out", "y"]
        ]
      ) {
        const { code, stderr } = yield* run(...args)
        assert.include(stderr, "\nSee room-session export --help\n")
        assert.strictEqual(code, 2, args.join(" "))
      }
    })
  )

  /** Runs an export with the members as a process, and sends it a signal after some requests. */
  const runUntil = (count: number, signal: NodeJS.Signals, args: ReadonlyArray<string>) =>
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      let child: ChildProcess | undefined
      const requested = Effect.repeat(Effect.delay(sandbox.requests, "5 millis"), {
        until: requests => requests.length > count
      })
      return yield* Effect.race(
        runProcess(["export", "--with", "members", ...args], environmentOf(sandbox), started => child = started),
        Effect.zipRight(Effect.map(requested, () => child?.kill(signal)), Effect.never)
      )
    })

  it.live("an export to SQLite without its package says what to install", () =>
    Effect.gen(function*() {
      const ran = yield* runUntil(0, "SIGTERM", ["--out", newPath("sqlite"), "--format", "sqlite"])
      assert.match(ran.stderr, /better-sqlite3, which is not installed\.\nInstall it [^\n]+\n$/)
      assert.strictEqual(ran.code, 3)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live("an export to SQLite with a package that is not built says how to build it", () =>
    Effect.gen(function*() {
      const stub = join(bundleFolder, "node_modules", "better-sqlite3")
      mkdirSync(stub, { recursive: true })
      writeFileSync(
        join(stub, "index.js"),
        "module.exports = class { constructor() { throw new Error('Could not locate the bindings file. Tried:') } }"
      )
      const path = newPath("sqlite")
      const ran = yield* runUntil(0, "SIGTERM", ["--out", path, "--format", "sqlite"])
      rmSync(join(bundleFolder, "node_modules"), { recursive: true })
      assert.match(ran.stderr, /better-sqlite3 is installed, and not built for Node [^\n]+\nBuild it: npm rebuild /)
      assert.strictEqual(ran.code, 3)
      assert.deepStrictEqual(filesOf(path), [])
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  for (const format of ["ndjson", "csv", "sqlite"]) {
    it.live.skipIf(format === "sqlite" && !hasSqlite)(
      `an export as ${format} that is killed half-way and resumed has each session and member once`,
      () =>
        Effect.gen(function*() {
          const sandbox = yield* SandboxSpace.SandboxSpace
          if (format === "sqlite") {
            symlinkSync(new URL("../../node_modules", import.meta.url), join(bundleFolder, "node_modules"))
          }
          const path = newPath(format)
          const args = ["--out", path, "--format", format]
          yield* runUntil(120, "SIGKILL", args)
          const resumed = yield* runProcess(
            ["export", "--with", "members", ...args, "--resume"],
            environmentOf(sandbox)
          )
          assert.match(resumed.stderr, /^Exported \d+ sessions to [^\n]+, which had [1-9]\d*, /m)
          assert.strictEqual(resumed.code, 0)
          const [ids, members] = format === "ndjson"
            ? [linesOf(path), linesOf(path).flatMap(({ members = [] }) => members)]
            : format === "csv"
            ? [rowsOf(path), rowsOf(path.replace(".csv", ".members.csv"))]
            : [query(path, "SELECT id FROM sessions"), query(path, "SELECT id FROM members")]
          const idOf = (row: object) => String(Reflect.get(row, "id"))
          assert.deepStrictEqual(ids.map(idOf).toSorted(), sandbox.listed.map(({ id }) => id).toSorted())
          assert.deepStrictEqual(members.map(idOf).toSorted(), sandbox.members.map(({ id }) => id).toSorted())
        }).pipe(Effect.provide(SandboxSpace.layer({ port: 0, generate: 500 }))),
      60_000
    )
  }

  inSpace(
    "an export that is interrupted before the first response says that nothing was written, and leaves no file",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("ndjson")
      yield* sandbox.respondNext({ status: 200, delay: "1 minute" }, { status: 200, delay: "1 minute" })
      const text = yield* runUntil(0, "SIGINT", ["--out", path])
      assert.deepStrictEqual(text, { code: 130, stdout: "", stderr: "Interrupted: nothing was written.\n" })
      const json = yield* runUntil(1, "SIGINT", ["--out", path, "--json"])
      assert.deepInclude(JSON.parse(json.stderr), {
        tag: "Interrupted",
        message: "interrupted: nothing was written.",
        advice: []
      })
      assert.deepStrictEqual(filesOf(path), [])
    })
  )

  inSpace(
    "an export that is interrupted while it reads the ids from standard input says that nothing was written",
    Effect.gen(function*() {
      const sandbox = yield* SandboxSpace.SandboxSpace
      const path = newPath("ndjson")
      // more than the pipe holds, so that the command reads when all of it is written
      const interrupt = (child: ChildProcess) =>
        child.stdin?.write(`${unknownId}\n`.repeat(30_000), () => child.kill("SIGINT"))
      const ran = yield* runProcess(
        ["export", "--ids", "-", "--out", path],
        environmentOf(sandbox),
        interrupt,
        "pipe",
        process.execPath,
        "pipe"
      )
      assert.deepStrictEqual(ran, { code: 130, stdout: "", stderr: "Interrupted: nothing was written.\n" })
      assert.deepStrictEqual(filesOf(path), [])
    })
  )

  it.live.each([["SIGINT", 130], ["SIGHUP", 129]] as const)(
    "an export that is interrupted by %s leaves whole lines, says how to continue, and exits with %d",
    ([signal, exitCode]) =>
      Effect.gen(function*() {
        const path = newPath("ndjson")
        const ran = yield* runUntil(120, signal, ["--out", path])
        const lines = linesOf(path).length
        assert.match(
          ran.stderr,
          new RegExp(
            `^Interrupted: [^\\n]+ has ${lines} whole sessions\\.\\nTo continue, run the same command with --resume\\.\\n$`
          )
        )
        assert.deepStrictEqual({ code: ran.code, stdout: ran.stdout }, { code: exitCode, stdout: "" })
      }).pipe(Effect.provide(SandboxSpace.layer({ port: 0, generate: 500 }))),
    60_000
  )
})
