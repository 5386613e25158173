import { assert, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"))
/** Inside of the package, where its own name resolves, and ignored by git, lint and tests. */
const output = fileURLToPath(new URL("../../dist", import.meta.url))

const program = `
import { RoomSessions } from "@effect-signalwire/core"
import { Effect } from "effect"

Effect.runPromise(Effect.flatMap(RoomSessions.RoomSessions, sessions => sessions.get("x")))
`

/** The output of the compiler for a file of this package. */
const compile = (source: string): string => {
  mkdirSync(output, { recursive: true })
  const directory = mkdtempSync(join(output, "forgotten-layer-"))
  try {
    writeFileSync(join(directory, "program.ts"), source)
    writeFileSync(
      join(directory, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../../tsconfig.base.json",
        compilerOptions: { noEmit: true, composite: false, declarationMap: false, lib: ["ES2023", "DOM"] },
        files: ["program.ts"]
      })
    )
    return spawnSync(process.execPath, [join(typescript, "bin/tsc"), "-p", directory], { encoding: "utf8" }).stdout
  } finally {
    rmSync(directory, { recursive: true })
  }
}

it("a program without its layer is a compile error that names the missing service", () => {
  assert.match(compile(program), /error TS[^]*Type 'RoomSessions' is not assignable to type 'never'/)
}, 120_000)

it("the same program with its layer compiles", () => {
  const provided = program
    .replace(
      "import { Effect }",
      "import { RoomSessionsTest } from \"@effect-signalwire/core/testing\"\nimport { Effect }"
    )
    .replace("sessions.get(\"x\"))", "sessions.get(\"x\")).pipe(Effect.provide(RoomSessionsTest.layer([])))")
  assert.strictEqual(compile(provided), "")
}, 120_000)
