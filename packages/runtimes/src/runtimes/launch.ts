/** Starts a program in each runtime. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import type { Harness } from "../harness/Harness.ts"
import type { Name } from "./Runtime.ts"
import { start, type Started } from "./processes.ts"

/** Starts a program that reports to the harness. */
export type Launch = (path: string, program: string, harness: Harness) => Promise<Started>

const withArguments = (...args: ReadonlyArray<string>): Launch => async (path, program, { url }) =>
  start(path, [...args, program, url], dirname(program))

/** Starts Chromium with flags that prevent all other connections. */
const chromium: Launch = async (path, _, { page }) => {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"))
  const started = start(path, [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--user-data-dir=${profile}`,
    page
  ])
  return {
    ...started,
    stop: () => started.stop().then(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }))
  }
}

const workerConfig = (program: string): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [(name = "worker", esModule = embed "${basename(program)}")],
      compatibilityDate = "2026-06-01",
      compatibilityFlags = ["nodejs_compat"],
      globalOutbound = "loopback"
    )),
    (name = "loopback", network = (allow = ["private"], tlsOptions = (trustBrowserCas = true)))
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")]
);
`

/** Starts workerd, which reports its port on the control stream and runs the program for each request. */
const workerd: Launch = async (path, program, { url }) => {
  const config = `${program}.capnp`
  await writeFile(config, workerConfig(program))
  const started = start(path, ["serve", "--control-fd=3", config], dirname(program))
  const listening = await Promise.race([
    new Promise<string>(resolve => started.control.once("data", (line: Buffer) => resolve(line.toString()))),
    started.exit
  ])
  const { port } = JSON.parse(listening)
  fetch(`http://127.0.0.1:${port}/?${url}`).catch(() => {})
  return started
}

export const launches: Readonly<Record<Name, Launch>> = {
  "Node 20": withArguments(),
  "Node 22": withArguments(),
  "Node 24": withArguments(),
  Bun: withArguments("run"),
  Deno: withArguments("run", "--quiet", "--no-lock", "--allow-all"),
  workerd,
  Chromium: chromium
}
