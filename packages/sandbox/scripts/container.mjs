/**
 * Runs the steps of Containerfile, and of the compose example of the README, where there is no container engine: `tsc -b`, and then
 * `node packages/sandbox/scripts/container.mjs [--node FILE] [--base FOLDER]` as root on Linux, with debootstrap and iproute2.
 *
 * The base image is made as node:22-slim is: Debian bookworm by debootstrap, the binary of Node in /usr/local, npm, and the user node.
 * The image is an overlay of it in which RUN happens, with the packed tarballs of this repository in place of those of the registry.
 * Each service of the compose example has namespaces of its own for processes, mounts and the network, and a virtual network between them.
 *
 * `--node` is the binary of Node 22, by default that of `pnpm runtimes:install`; `--base` is a base image of an earlier run.
 */
import { DockerfileParser } from "dockerfile-ast"
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { parse } from "yaml"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const { values: options } = parseArgs({
  options: {
    node: { type: "string", default: join(root, "packages/runtimes/binaries/node_modules/node-22/bin/node") },
    base: { type: "string" }
  }
})

const instructions = DockerfileParser.parse(readFileSync(join(root, "packages/sandbox/Containerfile"), "utf8"))
  .getInstructions()
const all = keyword =>
  instructions.filter(one => one.getKeyword() === keyword).map(one => one.getArgumentsContent() ?? "")
const one = keyword => all(keyword).at(-1) ?? ""

const readme = readFileSync(join(root, "packages/sandbox/README.md"), "utf8")
const { services } = parse(/```yaml\n(services:\n[^`]*)```/.exec(readme)[1])

const folder = mkdtempSync(join(tmpdir(), "sandbox-container-"))
const cleanups = [() => rmSync(folder, { recursive: true, force: true })]

const run = (command, ...args) =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })

const done = (step, start) => console.log(`${step} (${((performance.now() - start) / 1000).toFixed(1)} s)`)

const expect = (what, found, expected) => {
  if (found !== expected) throw new Error(`${what}: expected ${expected}, got ${found}`)
}

const makeBase = base => {
  run("debootstrap", "--variant=minbase", "bookworm", base)
  const local = join(base, "usr/local")
  copyFileSync(options.node, join(local, "bin/node"))
  cpSync(join(run("npm", "root", "--global").trim(), "npm"), join(local, "lib/node_modules/npm"), { recursive: true })
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin/npm"))
  run("chroot", base, "useradd", "--uid", "1000", "--user-group", "--shell", "/bin/bash", "--create-home", "node")
}

/** A folder in which changes of the base image are its own. */
const overlay = (base, name) => {
  const [upper, work, merged] = ["upper", "work", "merged"].map(part => join(folder, `${name}-${part}`))
  for (const path of [upper, work, merged]) mkdirSync(path)
  run("mount", "-t", "overlay", "overlay", "-o", `lowerdir=${base},upperdir=${upper},workdir=${work}`, merged)
  cleanups.push(() => run("umount", merged))
  return merged
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** The arguments of `unshare` that run a command as an engine does: as the first process, with an environment and a user of its own. */
const isolated = (rootfs, { cwd = "/", env = {}, mounts = [], user = "root" }, command) => {
  const home = user === "root" ? "/root" : `/home/${user}`
  const variables = Object.entries({ PATH: path, HOME: home, ...env }).map(([name, value]) => `${name}=${value}`)
  const script = [
    "set -e",
    ...mounts.map(([from, to]) => `mount --bind "${from}" "${rootfs}${to}"`),
    `mount --rbind /dev "${rootfs}/dev"`,
    `mount -t proc proc "${rootfs}/proc"`,
    `cd "${rootfs}${cwd}"`,
    "exec \"$@\""
  ].join("\n")
  const as = user === "root" ? [] : [`--userspec=${user}:${user}`]
  const inside = ["env", "-i", `--chdir=${cwd}`, ...variables, ...command]
  return ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh", "chroot", ...as, rootfs, ...inside]
}

/** A registry with the packed packages. npm takes the dependencies from its own. */
const serveTarballs = async () => {
  const packages = new Map()
  for (const name of ["core", "node-runtime", "sandbox"]) {
    execFileSync("npx", ["-y", "pnpm@10.34.8", "pack", "--pack-destination", folder], {
      cwd: join(root, "packages", name),
      stdio: "pipe"
    })
  }
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url.slice(1))
    const found = packages.get(name)
    response.statusCode = found === undefined ? 404 : 200
    response.end(found)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  cleanups.push(() => server.close().closeAllConnections())
  const url = `http://127.0.0.1:${server.address().port}`
  for (const file of readdirSync(folder).filter(file => file.endsWith(".tgz"))) {
    const bytes = readFileSync(join(folder, file))
    const manifest = JSON.parse(run("tar", "-xzOf", join(folder, file), "package/package.json"))
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`
    const version = { ...manifest, dist: { tarball: `${url}/${file}`, integrity } }
    packages.set(file, bytes)
    packages.set(
      manifest.name,
      JSON.stringify({
        name: manifest.name,
        "dist-tags": { latest: manifest.version },
        versions: { [manifest.version]: version }
      })
    )
  }
  return url
}

const build = async (rootfs, registry, { env = {}, mounts = [] }, command) => {
  for (const file of ["etc/resolv.conf", "etc/hosts"]) copyFileSync(`/${file}`, join(rootfs, file))
  writeFileSync(join(rootfs, "root/.npmrc"), `@effect-signalwire:registry=${registry}\n`)
  const { NODE_EXTRA_CA_CERTS: authorities } = process.env
  if (authorities !== undefined) copyFileSync(authorities, join(rootfs, "authorities.pem"))
  const variables = authorities === undefined ? env : { ...env, NODE_EXTRA_CA_CERTS: "/authorities.pem" }
  const isolation = isolated(rootfs, { env: variables, mounts }, ["sh", "-c", command])
  // not spawnSync, since this process is the registry
  const [code] = await once(spawn("unshare", isolation, { stdio: "inherit" }), "exit")
  expect(command, code, 0)
}

/** Two hosts with an address each, as in the network of compose. */
const connect = () => {
  const prefix = `sw${process.pid}`
  const hosts = [["sandbox", "10.213.0.2"], ["app", "10.213.0.3"]]
  for (const [name] of hosts) {
    run("ip", "netns", "add", `${prefix}${name}`)
    cleanups.push(() => run("ip", "netns", "delete", `${prefix}${name}`))
  }
  const [[, sandbox], [, app]] = hosts
  run(
    "ip",
    "link",
    "add",
    "eth0",
    "netns",
    `${prefix}sandbox`,
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    `${prefix}app`
  )
  for (const [name, address] of [["sandbox", sandbox], ["app", app]]) {
    const inside = ["-n", `${prefix}${name}`]
    run("ip", ...inside, "address", "add", `${address}/24`, "dev", "eth0")
    for (const link of ["lo", "eth0"]) run("ip", ...inside, "link", "set", link, "up")
  }
  writeFileSync(
    join(folder, "hosts"),
    ["127.0.0.1 localhost", ...hosts.map(([name, address]) => `${address} ${name}`), ""].join("\n")
  )
  return name => ["netns", "exec", `${prefix}${name}`]
}

/** The application: it gets a session by the environment, and by options of its own. */
const application = `
import { RoomSessions } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { Effect, Redacted, Stream } from "effect"
const first = Effect.flatMap(RoomSessions.RoomSessions, sessions => Stream.runHead(sessions.list()))
const { OPTIONS } = process.env
const layer = OPTIONS === undefined
  ? NodeSignalWire.layerConfig()
  : NodeSignalWire.layer({ projectId: "sandbox-project", apiToken: Redacted.make("sandbox-token"), ...JSON.parse(OPTIONS) })
Effect.runPromise(Effect.provide(first, layer)).then(
  session => console.log(session._tag === "Some" ? "got " + session.value.name : "got nothing"),
  error => console.log(String(error))
)
`

const steps = async () => {
  let start = performance.now()
  const base = options.base ?? join(folder, "base")
  if (!existsSync(join(base, "usr/local/bin/node"))) makeBase(base)
  done(`FROM ${one("FROM")}: Node ${run("chroot", base, "node", "--version").trim()} on Debian bookworm`, start)

  const registry = await serveTarballs()
  const args = Object.fromEntries(all("ARG").map(arg => arg.split("=")))
  const image = overlay(base, "image")
  for (const command of all("RUN")) {
    start = performance.now()
    await build(image, registry, { env: args }, command)
    done(`RUN ${command}`, start)
  }

  const appImage = overlay(base, "app")
  const { working_dir: cwd } = services.app
  const appFolder = join(folder, "application")
  mkdirSync(appFolder)
  writeFileSync(join(appFolder, "package.json"), "{ \"type\": \"module\" }")
  writeFileSync(join(appFolder, services.app.command.at(-1)), application)
  mkdirSync(join(appImage, cwd))
  start = performance.now()
  const packages = "@effect-signalwire/core @effect-signalwire/node-runtime effect@3 @effect/platform@0.97"
  const mounts = [[appFolder, cwd]]
  await build(appImage, registry, { mounts }, `cd ${cwd} && npm install --no-audit --no-fund ${packages}`)
  done("The application is installed", start)

  const network = connect()
  const hosts = [join(folder, "hosts"), "/etc/hosts"]
  const user = one("USER")
  const command = [...JSON.parse(one("ENTRYPOINT")), ...services.sandbox.command]
  const contained = isolated(image, { user, mounts: [hosts] }, command)
  start = performance.now()
  const sandbox = spawn("ip", [...network("sandbox"), "unshare", ...contained], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const exited = once(sandbox, "exit")
  cleanups.push(() => sandbox.kill("SIGKILL"))
  let log = ""
  sandbox.stdout.on("data", chunk => log += String(chunk))

  const first = () => Number(spawnSync("pgrep", ["--parent", String(sandbox.pid)], { encoding: "utf8" }).stdout)
  const health = JSON.parse(one("HEALTHCHECK").replace(/^CMD /, ""))
  const isHealthy = () =>
    spawnSync("nsenter", ["--all", "--root", "--target", String(first()), `--setuid=1000`, `--setgid=1000`, ...health])
      .status === 0
  while (!isHealthy()) {
    if (sandbox.exitCode !== null) throw new Error(`${command.join(" ")}: exit code ${sandbox.exitCode}`)
    await setTimeout(100)
  }
  done(`HEALTHCHECK ${health.join(" ")}: healthy`, start)
  const [uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${first()}/status`, "utf8")).slice(1)
  expect(`The user of ${command.join(" ")}`, uid, "1000")

  const app = env => {
    const arguments_ = isolated(appImage, { cwd, env, mounts: [hosts, ...mounts] }, services.app.command)
    return run("ip", ...network("app"), "unshare", ...arguments_).trim()
  }
  const { environment } = services.app
  console.log(`app, with the environment of the example: ${app(environment)}`)
  const { SIGNALWIRE_INSECURE_HOSTS: _hosts, ...rest } = environment
  console.log(`app, without SIGNALWIRE_INSECURE_HOSTS: ${app(rest)}`)
  const baseUrl = environment.SIGNALWIRE_REST_BASE_URL
  console.log(`app, with insecureHosts: ${app({ OPTIONS: JSON.stringify({ baseUrl, insecureHosts: ["sandbox"] }) })}`)
  console.log(`app, without insecureHosts: ${app({ OPTIONS: JSON.stringify({ baseUrl }) })}`)

  start = performance.now()
  process.kill(first(), "SIGTERM")
  const [code] = await exited
  done(`SIGTERM: exit code ${code}`, start)
  console.log(`\nThe log of the sandbox:\n${log}`)
}

try {
  await steps()
} finally {
  for (const cleanup of cleanups.toReversed()) cleanup()
}
