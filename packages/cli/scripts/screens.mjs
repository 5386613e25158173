/**
 * Writes docs/screens.md: what the command shows in a real terminal. It needs tmux, `tsc -b`, `node scripts/bundle.mjs`, and the ports
 * 4080 to 4082 of this machine: `node scripts/screens.mjs`
 */
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"

const folder = mkdtempSync(join(tmpdir(), "screens-"))
// another build does not replace the files meanwhile
const bundle = join(folder, ".bundle")
cpSync(fileURLToPath(new URL("../dist/bundle", import.meta.url)), bundle, { recursive: true })
const bin = join(bundle, "bin.js")
const socket = join(folder, "tmux")
const session = "3f1c8a52-9d4e-4b7a-8c61-5e2f7d90ab13"
const unknown = "00000000-0000-4000-8000-000000000000"

const ports = { seeds: 4080, many: 4081, files: 4082 }
const environmentOf = port => ({
  SIGNALWIRE_SPACE: `127.0.0.1:${port}`,
  SIGNALWIRE_PROJECT_ID: "sandbox-project",
  SIGNALWIRE_API_TOKEN: "sandbox-token",
  TZ: "UTC"
})

/** Starts a program, and waits for a text on its standard output. */
const start = async (args, text) => {
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"]
  })
  let output = ""
  while (!output.includes(text)) output += String((await once(child.stdout, "data"))[0])
  child.stdout.resume()
  return child
}

/** A space with many sessions, and the ids of some of them. */
const many = `
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
await Effect.runPromise(Effect.gen(function*() {
  const { listed } = yield* SandboxSpace.SandboxSpace
  writeFileSync(process.argv[1], listed.slice(0, 3000).map(({ id }) => id).join("\\n"))
  console.log("ready")
  yield* Effect.never
}).pipe(Effect.provide(SandboxSpace.layer({ port: ${ports.many}, generate: 60000 }))))
`

const environment = environmentOf(ports.seeds)
const room = (args, env) =>
  execFileSync(process.execPath, [bin, ...args], { env: { ...environment, ...env }, encoding: "utf8" })

/** A space whose recording is a file of a server that sends it slowly. */
const writeSpaceWithFile = async () => {
  const size = 8_000_000
  const server = createServer(async ({ headers }, response) => {
    const first = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0)
    const range = first === 0 ? {} : { "content-range": `bytes ${first}-${size - 1}/${size}` }
    response.writeHead(first === 0 ? 200 : 206, { etag: "\"a\"", "content-length": size - first, ...range })
    for (let sent = first; sent < size; sent += 50_000) {
      response.write(Buffer.alloc(Math.min(50_000, size - sent)))
      await sleep(25)
    }
    response.end()
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const [recording] = room(["recordings", session, "--json"]).split("\n").map(line => JSON.parse(line || "null"))
  const uri = `http://127.0.0.1:${server.address().port}/file`
  const content = {
    sessions: [JSON.parse(room(["get", session, "--json"]))],
    recordings: [{ ...recording, uri, size_in_bytes: size }]
  }
  const path = join(folder, "space.json")
  writeFileSync(path, JSON.stringify(content))
  return { path, recording: recording.id }
}

const tmux = (...args) => execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], { encoding: "utf8" })

let captured = 0

/**
 * What is on the screen, without the empty lines at its end: when the command has ended, or as soon as the screen matches `until`. With
 * `interrupt`, Ctrl-C is pressed then, and what the command leaves is captured.
 */
const capture = async ({ args, env = {}, interrupt = false, port = ports.seeds, until }, width) => {
  const done = join(folder, `done-${++captured}`)
  const variables = Object.entries({ ...environmentOf(port), ...env }).flatMap((
    [name, value]
  ) => ["-e", `${name}=${value}`])
  const quoted = args.split(" ").map(arg => `'${arg}'`).join(" ")
  const command = `trap : INT; ${process.execPath} ${bin} ${args === "" ? "" : quoted}; touch ${done}; sleep 100`
  const size = ["-x", String(width), "-y", until === undefined ? "120" : "24"]
  tmux("new-session", "-d", "-s", "screen", "-c", folder, ...size, ...variables, command)
  const read = () => tmux("capture-pane", "-p", "-t", "screen").trimEnd()
  try {
    for (let i = 0; i < 600; i++) {
      await sleep(50)
      if (existsSync(done)) break
      if (until?.test(read()) !== true) continue
      if (!interrupt) return read()
      tmux("send-keys", "-t", "screen", "C-c")
      while (!existsSync(done)) await sleep(50)
    }
    await sleep(200)
    return read()
  } finally {
    tmux("kill-session", "-t", "screen")
  }
}

const section = async (title, screens) => {
  const parts = [`## ${title}`]
  for (const { text, widths = [80], ...screen } of screens) {
    if (text !== undefined) parts.push(text)
    for (const width of widths) {
      const lines = await capture(screen, width)
      if (/node:internal|Error \[/.test(lines)) throw new Error(`room-session ${screen.args}: ${lines}`)
      const set = Object.entries(screen.env ?? {}).map(([name, value]) => `${name}=${value} `).join("")
      const command = `$ ${set}room-session ${screen.args}`.trimEnd()
      parts.push(`${width} columns:\n\n\`\`\`\n${command}\n${lines}\n\`\`\``)
    }
  }
  return parts.join("\n\n")
}

const children = []
try {
  // without a session, tmux would end
  tmux("new-session", "-d", "-s", "keep", "sleep 10000")
  children.push(await start([bin, "sandbox", "--port", String(ports.seeds)], "Ctrl-C"))
  children.push(await start(["--input-type=module", "--eval", many, join(folder, "ids.txt")], "ready"))
  const { path, recording } = await writeSpaceWithFile()
  children.push(await start([bin, "sandbox", "--port", String(ports.files), "--sessions", path], "Ctrl-C"))
  writeFileSync(join(folder, "few.txt"), [session, unknown, "42"].join("\n"))
  const files = ports.files
  const bar = /[3-6]\d% /
  const sections = [
    await section("Help", [
      { args: "", widths: [40, 80] },
      { args: "help export" },
      { args: "help sandbox" }
    ]),
    await section("get", [
      { args: session, widths: [40, 80] },
      {
        text: "Several ids, one of which is not found:",
        args: `get ${session} ${unknown} --columns name,status,duration`
      }
    ]),
    await section("list, members, events, recordings", [
      { args: "list", widths: [40, 80, 120] },
      { args: `members ${session}`, widths: [40, 80] },
      { args: `events ${session}`, widths: [40, 80, 120] },
      { args: `recordings ${session}`, widths: [40, 80, 120] }
    ]),
    await section("watch", [
      { text: "The screen is updated in place:", args: "watch", widths: [40, 80, 120], until: /\d +call-4127/ },
      { args: "watch --room-name none", widths: [40], until: /No sessions/ }
    ]),
    await section("export", [
      {
        text: "By the list, whose total is not known:",
        args: "export --out list.ndjson",
        port: ports.many,
        until: /pages/
      },
      { text: "Interrupted:", args: "export --out second.ndjson", port: ports.many, until: /pages/, interrupt: true },
      { text: "Continued:", args: "export --out second.ndjson --resume", port: ports.many },
      { text: "By ids:", args: "export --ids ids.txt --out ids.csv --format csv", port: ports.many, until: bar },
      { args: "export --ids ids.txt --out narrow.csv --format csv", port: ports.many, widths: [40], until: /left/ },
      { text: "With errors:", args: "export --ids few.txt --out few.csv --format csv" },
      { text: "A file that exists:", args: "export --out second.ndjson" }
    ]),
    await section("download", [
      { args: `download ${recording} --out meeting.mp4`, port: files, until: bar },
      { args: `download ${recording} --out narrow.mp4`, port: files, widths: [40], until: /left/ },
      { text: "Interrupted:", args: `download ${recording} --out again.mp4`, port: files, until: bar, interrupt: true },
      { text: "Finished:", args: `download ${recording} --out again.mp4`, port: files }
    ]),
    await section("doctor", [
      { args: "doctor", widths: [40, 80] },
      { text: "A wrong token:", args: "doctor", env: { SIGNALWIRE_API_TOKEN: "wrong" } },
      { text: "A variable that is missing:", args: "doctor", env: { SIGNALWIRE_API_TOKEN: "" } },
      { text: "No server:", args: "doctor --space 127.0.0.1:9" }
    ]),
    await section("sandbox", [{ args: "sandbox --port 4083", until: /Ctrl-C stops/ }]),
    await section("Errors", [
      { args: `get ${unknown}` },
      { args: "get 42", widths: [40, 80] },
      { args: "lst" },
      { args: "list --wat" },
      { args: "list", env: { SIGNALWIRE_API_TOKEN: "wrong" } },
      { args: "list", env: { SIGNALWIRE_SPACE: "", SIGNALWIRE_API_TOKEN: "" } },
      { args: "list --space 127.0.0.1:9 --retries 0" },
      { args: "list --json --space 127.0.0.1:9 --retries 0" }
    ])
  ]
  writeFileSync(
    fileURLToPath(new URL("../../../docs/screens.md", import.meta.url)),
    `# Screens of the command\n\nGenerated by \`node packages/cli/scripts/screens.mjs\` in tmux, against the embedded sandbox.\n\n${
      sections.join("\n\n")
    }\n`
  )
} finally {
  for (const child of children) child.kill()
  tmux("kill-server")
  rmSync(folder, { recursive: true })
}
process.exit()
