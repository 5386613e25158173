/** The completion scripts, in the shells that are installed. */
import { afterAll, assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { roomSession } from "./harness.ts"

const cwd = mkdtempSync(join(tmpdir(), "completions-"))
writeFileSync(join(cwd, "data.env"), "")
mkdirSync(join(cwd, "completed-exports"))
afterAll(() => rmSync(cwd, { recursive: true }))

/** The words after which something is completed, and what is offered. */
const cases: ReadonlyArray<readonly [words: string, offered: ReadonlyArray<string>]> = [
  ["list --status", ["completed", "in-progress"]],
  ["export --format", ["csv", "ndjson", "sqlite"]],
  ["export --with", ["members", "members,recordings", "recordings"]],
  ["list --log-level", ["all", "debug", "error", "fatal", "info", "none", "trace", "warning"]],
  ["get --completions", ["bash", "fish", "zsh"]],
  ["list --limit", []],
  ["watch --room-name", []],
  ["sandbox --port", []]
]

const inShell = (shell: "bash" | "zsh" | "fish", test: (script: string) => void) =>
  it.live.skipIf(!existsSync(`/usr/bin/${shell}`))(
    `${shell} completes the values of options, and files only where one is meant`,
    () =>
      Effect.map(roomSession(["--completions", shell]), ({ stdout }) => {
        const path = join(cwd, `.${shell}`)
        writeFileSync(path, stdout)
        test(path)
      })
  )

const lines = (text: string): ReadonlyArray<string> =>
  text.split("\n").map(line => line.split("\t")[0] ?? "").filter(line => line !== "").toSorted()

inShell("bash", script => {
  const complete = (words: string) =>
    lines(execFileSync("bash", [
      "-c",
      `. ${script}; COMP_WORDS=(room-session ${words} ""); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_room-session_bash_completions room-session; printf '%s\\n' "\${COMPREPLY[@]}"`
    ], { cwd, encoding: "utf8" }))
  for (const [words, offered] of cases) assert.deepStrictEqual(complete(words), offered, words)
  for (const words of ["list --env", "export --out", "sandbox --scenario"]) {
    assert.include(complete(words), "data.env", words)
  }
})

inShell("fish", script => {
  const complete = (words: string) =>
    lines(execFileSync("fish", ["--no-config", "-c", `source ${script}; complete -C "room-session ${words} "`], {
      cwd,
      encoding: "utf8"
    }))
  for (const [words, offered] of cases) assert.deepStrictEqual(complete(words), offered, words)
  for (const words of ["list --env", "export --out", "sandbox --scenario"]) {
    assert.include(complete(words), "data.env", words)
  }
})

inShell("zsh", script => {
  // its completions need a terminal: this reads what they are made of
  execFileSync("zsh", ["-n", script])
  const text = readFileSync(script, "utf8")
  const actionOf = (option: string) => new RegExp(`'--${option}\\[[^\\n]*\\]:value:([^\\n]*)' `).exec(text)?.[1]
  assert.strictEqual(actionOf("status"), "(in-progress completed)")
  assert.strictEqual(actionOf("format"), "(ndjson csv sqlite)")
  assert.strictEqual(actionOf("completions"), "(bash zsh fish)")
  assert.strictEqual(actionOf("limit"), " ")
  for (const option of ["env", "ids", "out", "scenario"]) assert.strictEqual(actionOf(option), "_files", option)
  for (const flag of ["json", "quiet"]) assert.isUndefined(actionOf(flag), flag)
})
