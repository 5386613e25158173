/** Completion scripts of the shells. */
import type * as CliApp from "@effect/cli/CliApp"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"

export const shells = ["bash", "zsh", "fish"] as const

export type Shell = typeof shells[number]

/** What an option takes: one of some words, or the path of a file. The parser's scripts offer files, or nothing, for all. */
const values: ReadonlyMap<string, ReadonlyArray<string> | "file"> = new Map<string, ReadonlyArray<string> | "file">([
  ["--completions", shells],
  ["--env", "file"],
  ["--format", ["ndjson", "csv", "sqlite"]],
  ["--ids", "file"],
  ["--log-level", ["all", "trace", "debug", "info", "warning", "error", "fatal", "none"]],
  ["--out", "file"],
  ["--scenario", "file"],
  ["--sessions", "file"],
  ["--status", ["in-progress", "completed"]],
  ["--with", ["members", "recordings", "members,recordings"]]
])

const bashCase = (name: string): string => {
  const value = values.get(name)
  const words = value === undefined
    ? "()"
    : value === "file"
    ? "( $(compgen -f -- \"${cur}\") )"
    : `( $(compgen -W "${value.join(" ")}" -- "\${cur}") )`
  return `                ${name})
                    COMPREPLY=${words}
                    return 0
                    ;;
`
}

/** The first pattern that matches counts, so that these come before those of the parser. */
const withBashValues = (script: string, names: ReadonlySet<string>): string =>
  script.replaceAll("case \"${prev}\" in\n", start => start + [...names].map(bashCase).join(""))

const withZshValues = (script: string, names: ReadonlySet<string>): string =>
  script.replaceAll(
    /'(--[a-z-]+)(\[(?:\\.|[^\]\\])*\])(?::[^\n]*)?' \\\n/g,
    (line, name: string, description: string) => {
      if (!names.has(name)) return line
      const value = values.get(name)
      const action = value === undefined ? " " : value === "file" ? "_files" : `(${value.join(" ")})`
      return `'${name}${description}:value:${action}' \\\n`
    }
  )

const withFishValues = (script: string, names: ReadonlySet<string>): string =>
  script.replaceAll(/ -l ([a-z-]+) -r -f(?: -a "[^"]*")? -d /g, (part, name: string) => {
    const value = values.get(`--${name}`)
    if (!names.has(`--${name}`) || value === undefined) return part
    return ` -l ${name} -r ${value === "file" ? "-F" : `-f -a "${value.join(" ")}"`} -d `
  })

/** The parser's script for bash compares names with hyphens with names without. */
const repairBash = (script: string, name: string): string => {
  const mangled = name.replaceAll("-", "__")
  return script.replaceAll(`cmd="${name}"`, `cmd="${mangled}"`).replaceAll(`${name})\n`, `${mangled})\n`)
}

/** `--wizard` is not an option of the command. */
const withoutWizard = (lines: ReadonlyArray<string>): string =>
  lines.filter(line => !line.includes("'--wizard[") && !line.includes("-l wizard")).join("\n").replaceAll(
    " --wizard",
    ""
  )

export const script = <Name extends string, R, E, A>(
  command: Command.Command<Name, R, E, A>,
  name: Name,
  shell: Shell,
  optionsWithValue: ReadonlySet<string>
): Effect.Effect<string, never, CliApp.CliApp.Environment> => {
  const names = new Set([...optionsWithValue, "--log-level"])
  switch (shell) {
    case "bash":
      return Effect.map(
        Command.getBashCompletions(command, name),
        lines => withBashValues(repairBash(withoutWizard(lines), name), names)
      )
    case "zsh":
      return Effect.map(Command.getZshCompletions(command, name), lines => withZshValues(withoutWizard(lines), names))
    case "fish":
      return Effect.map(Command.getFishCompletions(command, name), lines => withFishValues(withoutWizard(lines), names))
  }
}
