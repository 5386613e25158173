import { Credentials } from "@effect-signalwire/core"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { DockerfileParser } from "dockerfile-ast"
import { ConfigProvider, Effect, Either, Layer, Redacted, Schema } from "effect"
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, posix } from "node:path"
import { fileURLToPath } from "node:url"
import { parse } from "yaml"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (name: string) => readFileSync(join(root, name), "utf8")
const built = join(root, "dist/bin.js")

const instructions = DockerfileParser.parse(read("Containerfile")).getInstructions()

/** The arguments of the instruction, of which there is one. */
const only = (keyword: string): string => {
  const found = instructions.filter(instruction => instruction.getKeyword() === keyword)
  assert.lengthOf(found, 1, keyword)
  return found[0]?.getArgumentsContent() ?? ""
}

const decodeCommand = Schema.decodeSync(Schema.parseJson(Schema.Array(Schema.String)))

const Compose = Schema.Struct({
  services: Schema.Struct({
    sandbox: Schema.Struct({
      build: Schema.Struct({ context: Schema.String, dockerfile: Schema.String }),
      command: Schema.Array(Schema.String)
    }),
    app: Schema.Struct({
      image: Schema.String,
      working_dir: Schema.String,
      volumes: Schema.Array(Schema.String),
      command: Schema.Array(Schema.String),
      depends_on: Schema.Struct({ sandbox: Schema.Struct({ condition: Schema.Literal("service_healthy") }) }),
      environment: Schema.Record({ key: Schema.String, value: Schema.String })
    })
  })
})

const [, example = ""] = /```yaml\n(services:\n[^`]*)```/.exec(read("README.md")) ?? []
const compose = Schema.decodeUnknownSync(Compose, { onExcessProperty: "error" })(parse(example))

const Manifest = Schema.parseJson(Schema.Struct({
  name: Schema.String,
  version: Schema.String,
  engines: Schema.Struct({ node: Schema.String }),
  bin: Schema.Record({ key: Schema.String, value: Schema.String })
}))

describe.skipIf(!existsSync(built))("the Containerfile and the compose example against the tarball", () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-packed-"))
  let tarball = ""
  let help = ""
  const packed = (name: string) =>
    execFileSync("tar", ["-xzOf", tarball, posix.join("package", name)], { encoding: "utf8" })
  const manifest = () => Schema.decodeSync(Manifest)(packed("package.json"))

  /** The pnpm that runs the tests, which applies `publishConfig`; npm does not. */
  const pnpm = (...args: ReadonlyArray<string>): void => {
    const path = process.env["npm_execpath"] ?? ""
    const [command, first] = path.includes("pnpm") ? [process.execPath, [path]] : ["npx", ["-y", "pnpm@10.34.8"]]
    execFileSync(command, [...first, ...args], { cwd: root, stdio: "pipe" })
  }

  beforeAll(() => {
    pnpm("pack", "--pack-destination", folder)
    tarball = join(folder, readdirSync(folder)[0] ?? "")
    help = execFileSync(process.execPath, [built, "--help"], { encoding: "utf8" })
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  it("the image has this package in the version of its Containerfile, which is in the tarball", () => {
    const { name, version } = manifest()
    assert.strictEqual(only("RUN"), `npm install --global ${name}@\${VERSION}`)
    assert.strictEqual(only("ARG"), `VERSION=${version}`)
    assert.strictEqual(packed("Containerfile"), read("Containerfile"))
    assert.strictEqual(compose.services.sandbox.build.dockerfile, `node_modules/${name}/Containerfile`)
  })

  it("the entry point is a command of the package, with options that it has", () => {
    const [name = "", ...options] = decodeCommand(only("ENTRYPOINT"))
    const { bin } = manifest()
    assert.match(packed(bin[name] ?? "none"), /^#!\/usr\/bin\/env node\n/)
    for (const option of [...options, ...compose.services.sandbox.command]) {
      if (option.startsWith("--")) assert.include(help, option)
    }
  })

  it("the Node of the images satisfies the engines of the package", () => {
    const [, least] = /^>=(\d+)\.\d+$/.exec(manifest().engines.node) ?? []
    for (const image of [only("FROM"), compose.services.app.image]) {
      const [, major] = /^node:(\d+)-slim$/.exec(image) ?? []
      assert.isAbove(Number(major), Number(least), image)
    }
  })

  it("the user is that of the Node image, not root", () => assert.strictEqual(only("USER"), "node"))

  it("the image exposes the default port, which the health check and the application of the example use", () => {
    const [, port] = /The port; default (\d+)/.exec(help) ?? []
    assert.isDefined(port)
    assert.strictEqual(only("EXPOSE"), port)
    assert.include(only("HEALTHCHECK"), `connect(${port})`)
    assert.strictEqual(new URL(compose.services.app.environment["SIGNALWIRE_REST_BASE_URL"] ?? "").port, port)
  })

  it("the application of the example addresses the sandbox by the name of its service, which the entry point has too", () => {
    const { environment } = compose.services.app
    const { hostname } = new URL(environment["SIGNALWIRE_REST_BASE_URL"] ?? "")
    assert.property(compose.services, hostname)
    const entryPoint = decodeCommand(only("ENTRYPOINT"))
    assert.strictEqual(entryPoint[entryPoint.indexOf("--host-name") + 1], hostname)
    assert.strictEqual(entryPoint[entryPoint.indexOf("--host") + 1], "0.0.0.0")
  })

  it.effect("the environment of the example is accepted, has the credentials of a sandbox, and is rejected without insecureHosts", () =>
    Effect.gen(function*() {
      const read = (environment: Readonly<Record<string, string>>) =>
        Layer.build(Credentials.layerConfig()).pipe(
          Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(environment)))),
          Effect.scoped,
          Effect.either
        )
      const { SIGNALWIRE_INSECURE_HOSTS: _hosts, ...secure } = compose.services.app.environment
      assert.isTrue(Either.isRight(yield* read(compose.services.app.environment)))
      assert.isTrue(Either.isLeft(yield* read(secure)))
      const { apiToken, projectId } = yield* SandboxSpace.SandboxSpace
      assert.strictEqual(secure["SIGNALWIRE_PROJECT_ID"], projectId)
      assert.strictEqual(secure["SIGNALWIRE_API_TOKEN"], Redacted.value(apiToken))
    }).pipe(Effect.provide(SandboxSpace.layerTest)))
})
