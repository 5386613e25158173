/** Chromium and workerd, where they are installed. */
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"

export const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync)

/** The folder into which `pnpm runtimes:install` installs workerd. */
const binaries = fileURLToPath(new URL("../../../runtimes/binaries/node_modules/", import.meta.url))

export const workerd = [`${binaries}@cloudflare/workerd-linux-64/bin/workerd`].find(existsSync)

/** Starts an executable in a process group of its own, which is killed with the scope. */
const start = (path: string, args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(path, args, { stdio: ["ignore", "pipe", "ignore", "pipe"], detached: true })),
    child =>
      Effect.sync(() => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
        } catch {
          // the process has ended
        }
      })
  )

const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "chromium-"))),
  folder => Effect.promise(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
)

/** The document of a page after two seconds of its own time. */
export const documentOf = (path: string, url: string) =>
  Effect.gen(function*() {
    const profile = yield* temporaryFolder
    const child = yield* start(path, [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--virtual-time-budget=2000",
      "--dump-dom",
      `--user-data-dir=${profile}`,
      url
    ])
    return yield* Effect.promise(() => text(child.stdout ?? Readable.from([])))
  })

const config = (module: string, bindings: Readonly<Record<string, string>>) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [(name = "worker", esModule = embed "${module}")],
      compatibilityDate = "2026-06-01",
      globalOutbound = "loopback",
      bindings = [${
  Object.entries(bindings).map(([name, value]) => `(name = "${name}", text = "${value}")`).join(", ")
}]
    )),
    (name = "loopback", network = (allow = ["private"]))
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")]
);
`

/** Serves a bundled worker by workerd, and returns its URL. */
export const serveWorker = (path: string, bundle: string, bindings: Readonly<Record<string, string>>) =>
  Effect.gen(function*() {
    const file = `${bundle}.capnp`
    yield* Effect.promise(() => writeFile(file, config(basename(bundle), bindings)))
    const child = yield* start(path, ["serve", "--control-fd=3", file])
    const control = child.stdio[3]
    if (!(control instanceof Readable)) return yield* Effect.dieMessage(`no control stream for ${dirname(file)}`)
    const line = yield* Effect.promise(() =>
      new Promise<string>(resolve => control.once("data", data => resolve(String(data))))
    )
    return `http://127.0.0.1:${JSON.parse(line).port}`
  })
