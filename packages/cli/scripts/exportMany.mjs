/**
 * Exports many sessions of a sandbox with the bundled command, kills it with SIGKILL several times on the way, resumes it, and compares
 * the file with the sandbox:
 *
 *     node scripts/exportMany.mjs [--sessions 100000] [--with members,recordings] [--kills 3] [--format csv] [--by list]
 *
 * Without `--format` and `--by`, each format is exported by the list and by ids. It needs Linux, `tsc -b`, and `node scripts/bundle.mjs`.
 * It prints the memory of the command over the time, and a table at the end. It exits with 1 when a session, a member or a recording is
 * lost or comes twice.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "100000" },
    with: { type: "string", default: "" },
    kills: { type: "string", default: "3" },
    format: { type: "string" },
    by: { type: "string" },
    bundle: { type: "string", default: fileURLToPath(new URL("../dist/bundle", import.meta.url)) }
  }
})
const count = Number(values.sessions)
const kills = Number(values.kills)
const parts = values.with === "" ? [] : values.with.split(",")
const formats = values.format === undefined ? ["ndjson", "csv", "sqlite"] : [values.format]
const ways = values.by === undefined ? ["list", "ids"] : [values.by]

const require = createRequire(new URL("../package.json", import.meta.url))

const server = `
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { Effect } from "effect"
const idsOf = items => items.map(({ id }) => id)
await Effect.runPromise(Effect.gen(function*() {
  const { listed, members, recordings, url } = yield* SandboxSpace.SandboxSpace
  const ids = { sessions: idsOf(listed), members: idsOf(members), recordings: idsOf(recordings) }
  yield* Effect.sync(() => process.send({ url, ids }))
  yield* Effect.never
}).pipe(Effect.provide(SandboxSpace.layer({ port: 0, generate: ${count} }))))
`

const sandbox = spawn(process.execPath, ["--input-type=module", "--eval", server], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  stdio: ["ignore", "inherit", "inherit", "ipc"]
})
const [{ ids: expected, url }] = await once(sandbox, "message")
const folder = mkdtempSync(join(tmpdir(), "export-many-"))

/** The resident memory of a process in MB: now, and its maximum so far. */
const memoryOf = pid => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  const read = name => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
  // a process that ends has neither
  return { now: read("VmRSS") || 0, max: read("VmHWM") || 0 }
}

const sizeOf = path => existsSync(path) ? statSync(path).size : 0

/** Runs the command until it ends, or until its file has a size. */
const run = async (path, args, killAt = Infinity) => {
  const start = performance.now()
  const child = spawn(process.execPath, [join(values.bundle, "bin.js"), "export", "--out", path, ...args], {
    env: {
      ...process.env,
      SIGNALWIRE_REST_BASE_URL: url,
      SIGNALWIRE_PROJECT_ID: "sandbox-project",
      SIGNALWIRE_API_TOKEN: "sandbox-token"
    },
    stdio: ["ignore", "inherit", "pipe"]
  })
  let last = ""
  createInterface(child.stderr).on("line", line => last = line)
  const memory = []
  const timer = setInterval(() => {
    try {
      const sample = memoryOf(child.pid)
      if (sample.now > 0) memory.push(sample)
    } catch {
      return
    }
    if (sizeOf(path) >= killAt) child.kill("SIGKILL")
  }, 20)
  const [code, signal] = await once(child, "close")
  clearInterval(timer)
  const max = Math.max(0, ...memory.map(({ max }) => max))
  const quarters = [0, 1, 2, 3, 4].map(quarter =>
    Math.round(memory[Math.min(memory.length - 1, Math.floor(quarter / 4 * memory.length))]?.now ?? 0)
  )
  const seconds = (performance.now() - start) / 1000
  console.log(
    `  ${code ?? signal} after ${seconds.toFixed(1)} s, MB at its start, quarters and end: ${quarters.join(", ")}`
  )
  if (last !== "") console.log(`  ${last}`)
  return { max, seconds }
}

const readers = {
  ndjson: async path => {
    const found = Object.fromEntries(["sessions", ...parts].map(name => [name, []]))
    for await (const line of createInterface(createReadStream(path))) {
      const session = JSON.parse(line)
      found.sessions.push(session.id)
      for (const part of parts) for (const { id } of session[part]) found[part].push(id)
    }
    return found
  },
  csv: async path => {
    const { parse } = require("csv-parse")
    const read = async path => {
      const ids = []
      for await (const { id } of createReadStream(path).pipe(parse({ columns: true }))) ids.push(id)
      return ids
    }
    const found = { sessions: await read(path) }
    for (const part of parts) found[part] = await read(path.replace(/\.csv$/, `.${part}.csv`))
    return found
  },
  sqlite: async path => {
    const database = new (require("better-sqlite3"))(path, { readonly: true })
    const read = table => database.prepare(`SELECT id FROM ${table}`).pluck().all()
    const found = Object.fromEntries(["sessions", ...parts].map(table => [table, read(table)]))
    database.close()
    return found
  }
}

/** The ids that are missing, and those that come twice. */
const compare = (found, expected) => {
  const unique = new Set(found)
  return { rows: found.length, lost: expected.filter(id => !unique.has(id)).length, double: found.length - unique.size }
}

const idsFile = (name, ids) => {
  const path = join(folder, name)
  writeFileSync(path, ids.join("\n"))
  return path
}

/** The bytes of a session in the file, which say when the command is half-way. */
const bytesOfSession = async (format, args) => {
  const ids = expected.sessions.slice(0, 1000)
  const path = join(folder, `first.${format}`)
  await run(path, [...args, "--ids", idsFile("first.txt", ids), "--quiet"])
  return statSync(path).size / ids.length
}

const thousands = number => number.toLocaleString("en-US")
const rows = []

try {
  const idsPath = idsFile("ids.txt", expected.sessions)
  for (const format of formats) {
    const shape = ["--format", format, ...(parts.length === 0 ? [] : ["--with", parts.join(",")])]
    console.log(`the first sessions as ${format}`)
    const bytes = await bytesOfSession(format, shape) * count
    for (const way of ways) {
      console.log(`${thousands(count)} sessions by ${way} as ${format}, killed ${kills} times`)
      const path = join(folder, `${way}.${format}`)
      const args = [...shape, ...(way === "ids" ? ["--ids", idsPath] : [])]
      const runs = []
      for (let killed = 0; killed <= kills; killed++) {
        const killAt = killed === kills ? Infinity : bytes * (killed + 1) / (kills + 1)
        runs.push(await run(path, killed === 0 ? args : [...args, "--resume"], killAt))
      }
      const found = await readers[format](path)
      const compared = ["sessions", ...parts].map(name => compare(found[name], expected[name]))
      const sum = name => compared.reduce((sum, result) => sum + result[name], 0)
      if (sum("lost") + sum("double") > 0) process.exitCode = 1
      console.log(`  ${JSON.stringify(compared)}`)
      rows.push([
        `${way}, ${format}`,
        ...compared.map(({ rows }) => thousands(rows)),
        sum("lost"),
        sum("double"),
        `${Math.round(Math.max(...runs.map(({ max }) => max)))} MB`,
        `${Math.round(runs.reduce((sum, { seconds }) => sum + seconds, 0))} s`
      ])
      for (const file of [path, ...parts.map(part => path.replace(/\.csv$/, `.${part}.csv`))]) {
        rmSync(file, { force: true })
      }
    }
  }
  const header = ["export", "sessions", ...parts, "lost", "double", "memory, at most", "time"]
  for (const cells of [header, header.map(() => "---"), ...rows]) console.log(`| ${cells.join(" | ")} |`)
} finally {
  sandbox.kill()
  rmSync(folder, { recursive: true })
}
