/**
 * Exports many sessions of a sandbox with the bundled command, kills it half-way, resumes it, and compares the file with the sandbox:
 * `node scripts/exportMany.mjs [--sessions 100000] [--format ndjson|csv|sqlite] [--by list|ids]`. It needs `tsc -b`, and
 * `node scripts/bundle.mjs`. It prints the memory of the command over the time, and fails when a session is lost or comes twice.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "100000" },
    format: { type: "string", default: "ndjson" },
    by: { type: "string", default: "list" },
    bundle: { type: "string", default: fileURLToPath(new URL("../dist/bundle", import.meta.url)) }
  }
})
const count = Number(values.sessions)

const server = `
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { Effect } from "effect"
await Effect.runPromise(Effect.gen(function*() {
  const { apiToken, listed, url } = yield* SandboxSpace.SandboxSpace
  yield* Effect.sync(() => process.send({ url, ids: listed.map(({ id }) => id) }))
  yield* Effect.never
}).pipe(Effect.provide(SandboxSpace.layer({ port: 0, generate: ${count} }))))
`

const sandbox = spawn(process.execPath, ["--input-type=module", "--eval", server], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  stdio: ["ignore", "inherit", "inherit", "ipc"]
})
const [{ ids, url }] = await once(sandbox, "message")
const folder = mkdtempSync(join(tmpdir(), "export-many-"))
const path = join(folder, `sessions.${values.format}`)
const idsPath = join(folder, "ids.txt")
writeFileSync(idsPath, ids.join("\n"))

/** The resident memory of a process in MB. */
const memoryOf = pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024

const size = () => {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

/** Runs the command, and kills it as soon as its file has a size. */
const run = async (args, killAt = Infinity) => {
  const start = performance.now()
  const child = spawn(process.execPath, [join(values.bundle, "bin.js"), "export", ...args], {
    env: {
      ...process.env,
      SIGNALWIRE_REST_BASE_URL: url,
      SIGNALWIRE_PROJECT_ID: "sandbox-project",
      SIGNALWIRE_API_TOKEN: "sandbox-token"
    },
    stdio: ["ignore", "inherit", "pipe"]
  })
  createInterface(child.stderr).on("line", line => console.log(`  ${line}`))
  const memory = []
  const timer = setInterval(() => {
    try {
      memory.push({ seconds: (performance.now() - start) / 1000, size: size(), mb: memoryOf(child.pid) })
    } catch {
      return
    }
    if (size() >= killAt) child.kill("SIGKILL")
  }, 50)
  const [code, signal] = await once(child, "exit")
  clearInterval(timer)
  const seconds = (performance.now() - start) / 1000
  const quarters = [0, 1, 2, 3, 4].map(quarter => {
    const at = memory[Math.min(memory.length - 1, Math.floor(quarter / 4 * memory.length))]
    return `${Math.round(at?.mb ?? 0)} MB`
  })
  console.log(
    `  ${code ?? signal} after ${seconds.toFixed(1)} s; memory at its start, quarters and end: ${quarters.join(", ")}`
  )
  return { code, bytes: size() }
}

const exportedIds = async () => {
  if (values.format === "ndjson") {
    return readFileSync(path, "utf8").trimEnd().split("\n").map(line => JSON.parse(line).id)
  }
  const require = createRequire(new URL("../package.json", import.meta.url))
  if (values.format === "csv") {
    return require("csv-parse/sync").parse(readFileSync(path, "utf8"), { columns: true }).map(({ id }) => id)
  }
  return new (require("better-sqlite3"))(path).prepare("SELECT id FROM sessions").all().map(({ id }) => id)
}

const check = async () => {
  const found = await exportedIds()
  const unique = new Set(found)
  const lost = ids.filter(id => !unique.has(id)).length
  console.log(`  ${found.length} rows, ${found.length - unique.size} double, ${lost} lost`)
  if (found.length !== unique.size || lost > 0) process.exitCode = 1
}

try {
  const args = ["--out", path, "--format", values.format, ...(values.by === "ids" ? ["--ids", idsPath] : [])]
  console.log(`${count} sessions by ${values.by} as ${values.format}, in one run`)
  const { bytes } = await run(args)
  await check()
  rmSync(path)
  console.log("the same, killed half-way and resumed")
  await run(args, bytes / 2)
  await run([...args, "--resume"])
  await check()
} finally {
  sandbox.kill()
  rmSync(folder, { recursive: true })
}
