/** Completion scripts of the shells. */
import type * as CliApp from "@effect/cli/CliApp"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"

export const shells = ["bash", "zsh", "fish"] as const

export type Shell = typeof shells[number]

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
  shell: Shell
): Effect.Effect<string, never, CliApp.CliApp.Environment> => {
  switch (shell) {
    case "bash":
      return Effect.map(Command.getBashCompletions(command, name), lines => repairBash(withoutWizard(lines), name))
    case "zsh":
      return Effect.map(Command.getZshCompletions(command, name), withoutWizard)
    case "fish":
      return Effect.map(Command.getFishCompletions(command, name), withoutWizard)
  }
}
