/** Renders the help of a command, within the width of the terminal. */
import * as CliConfig from "@effect/cli/CliConfig"
import * as CommandDescriptor from "@effect/cli/CommandDescriptor"
import * as HelpDoc from "@effect/cli/HelpDoc"
import type * as Span from "@effect/cli/HelpDoc/Span"
import * as HashMap from "effect/HashMap"
import * as Option from "effect/Option"
import columns from "string-width"
import { exitCodes, meanings } from "./exitCodes.ts"
import { nearest } from "./nearest.ts"
import { paint } from "./style.ts"
import { wrap, wrapLine } from "./wrap.ts"

export interface Options {
  /** The width in columns. */
  readonly width: number
  readonly color: boolean
}

/** A title, and lines or names with their descriptions. */
interface Section {
  readonly title: string
  readonly rows: ReadonlyArray<string | readonly [name: string, description: string]>
}

const environment: Section = {
  title: "Environment",
  rows: [
    ["SIGNALWIRE_SPACE", "the space, such as acme or acme.signalwire.com, or a server on this machine: 127.0.0.1:8080"],
    ["SIGNALWIRE_PROJECT_ID", "the id of the project"],
    ["SIGNALWIRE_API_TOKEN", "an API token of the project, with the Video scope"],
    ["SIGNALWIRE_REST_BASE_URL", "any other address, in place of SIGNALWIRE_SPACE"],
    [
      "SIGNALWIRE_INSECURE_HOSTS",
      "hosts, with commas between them, that this address may reach over plain http, such as a container: sandbox"
    ],
    [
      "SIGNALWIRE_REST_CA_FILE",
      "a file with the certificates, in PEM, that are trusted in place of the well-known authorities"
    ],
    ["SIGNALWIRE_DECODING", "strict (the default), or lenient, which shows an invalid nullable field as not set"],
    ["HTTPS_PROXY, NO_PROXY", "the proxy, and the hosts that are reached without it"],
    ["NO_COLOR, FORCE_COLOR", "no colors, or colors also outside of a terminal"]
  ]
}

const anywhere: Section = {
  title: "Anywhere",
  rows: [
    ["--help, -h", "print this text, or the help of a command; also: help COMMAND"],
    ["--version, -v", "print the version"],
    ["--log-level LEVEL", "error hides warnings, debug logs details of an internal error"],
    ["--completions SHELL", "print a completion script for bash, zsh or fish"]
  ]
}

const codes: Section = {
  title: "Exit codes",
  rows: Object.entries(exitCodes).map(([name, code]) => [
    String(code),
    Object.entries(meanings).find(([key]) => key === name)?.[1] ?? ""
  ])
}

const spanText = (span: Span.Span): string => {
  switch (span._tag) {
    case "Sequence":
      return spanText(span.left) + spanText(span.right)
    case "Text":
    case "URI":
      return span.value
    default:
      return spanText(span.value)
  }
}

/** The paragraphs of a text, without styles. */
const paragraphsOf = (doc: HelpDoc.HelpDoc): ReadonlyArray<string> => {
  switch (doc._tag) {
    case "Header":
    case "Paragraph":
      return [spanText(doc.value)]
    case "DescriptionList":
      return doc.definitions.flatMap(([name, description]) => [spanText(name), ...paragraphsOf(description)])
    case "Enumeration":
      return doc.elements.flatMap(paragraphsOf)
    case "Sequence":
      return [...paragraphsOf(doc.left), ...paragraphsOf(doc.right)]
    case "Empty":
      return []
  }
}

const textOf = (doc: HelpDoc.HelpDoc): string => paragraphsOf(doc).join(" ").trim()

/** Sentences of the parser that the descriptions repeat. */
const generic =
  /^(?:A user-defined piece of text\.|A true or false value\.|This setting is optional\.|This option (?:must|may) be repeated .*|This argument must be repeated at least .*)$/

/** The sections of the parser's help, without the generic sentences. */
const sectionsOf = (doc: HelpDoc.HelpDoc): ReadonlyArray<Section> => {
  const sections: Array<{ title: string; rows: Array<Section["rows"][number]> }> = []
  const visit = (part: HelpDoc.HelpDoc): void => {
    switch (part._tag) {
      case "Header":
        sections.push({ title: textOf(part), rows: [] })
        return
      case "Paragraph":
        sections.at(-1)?.rows.push(textOf(part))
        return
      case "DescriptionList":
        for (const [name, description] of part.definitions) {
          const sentences = paragraphsOf(description).map(line => line.trim()).filter(line => line !== "")
          const text = textOf(HelpDoc.p(name)).replace(/ \d+\+$/, "...")
          const isOptional = text.startsWith("<") && sentences.includes("This setting is optional.")
          sections.at(-1)?.rows.push([
            isOptional ? `[${text}]` : text,
            sentences.filter(sentence => !generic.test(sentence)).join(" ")
          ])
        }
        return
      case "Enumeration":
        part.elements.forEach(visit)
        return
      case "Sequence":
        visit(part.left)
        visit(part.right)
        return
      case "Empty":
        return
    }
  }
  visit(doc)
  return sections
}

const indent = "  "

/** The width below which a description is on the line after its name. */
const narrow = 64

/** Names that are not longer have their descriptions beside them at any width. */
const shortName = 10

/** Wraps a command before its options, with backslashes, so that a shell takes the lines for one. */
const wrapCommand = (text: string, width: number): string => {
  if (columns(indent + text) <= width) return `${indent}${text}`
  const most = width - 2 * indent.length - 2
  const pieces = text.split(/ (?=--)/).flatMap(part => columns(part) <= most ? [part] : part.split(" "))
  return wrap(pieces.map(text => ({ text })), most)
    .map((line, i) => `${indent}${i === 0 ? "" : indent}${line.map(({ text }) => text).join(" ")}`)
    .join(" \\\n")
}

const renderSection = ({ rows, title }: Section, { color, width }: Options): string => {
  const nameWidth = Math.min(26, Math.max(0, ...rows.map(row => typeof row === "string" ? 0 : columns(row[0]))))
  const lines = rows.map(row => {
    if (typeof row === "string") return wrapCommand(row, width)
    const [name, description] = row
    if (description === "") return `${indent}${name}`
    if (columns(name) > nameWidth || (width < narrow && nameWidth > shortName)) {
      return `${indent}${name}\n${wrapLine(`      ${description}`, width, 0)}`
    }
    const start = indent.length + nameWidth + 2
    return `${indent}${name.padEnd(nameWidth)}  ${wrapLine(" ".repeat(start) + description, width, 0).trimStart()}`
  })
  return [paint({ text: title, style: "heading" }, { color }), ...lines].join("\n")
}

interface Program {
  readonly name: string
  readonly descriptor: CommandDescriptor.Command<unknown>
  /** The names of the commands in their order. */
  readonly commands: ReadonlyArray<string>
}

const id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

/** The examples of each command; those of the program itself have its name. */
const examples: Readonly<Record<string, ReadonlyArray<string>>> = {
  "room-session": [
    "room-session list --status in-progress --limit 20",
    `room-session ${id}`,
    "room-session watch",
    "room-session export --since 30d --format csv --out sessions.csv",
    "room-session doctor",
    "source <(room-session --completions bash)"
  ],
  start: ["pnpm start", `pnpm start ${id}`, "pnpm --silent start --json"],
  get: [
    `room-session get ${id} --members`,
    `room-session ${id} --json`,
    `room-session get ${id} --columns status,duration`
  ],
  list: [
    "room-session list --status in-progress --limit 20",
    "room-session list --json | jq -r .id",
    "room-session list --since 7d --csv --columns id,name,cost_in_dollars > sessions.csv"
  ],
  members: [`room-session members ${id}`, `room-session members ${id} --csv`],
  events: [`room-session events ${id}`, `room-session events ${id} --json`],
  recordings: [`room-session recordings ${id}`, `room-session recordings ${id} --columns id,format,size_in_bytes`],
  watch: ["room-session watch", `room-session watch ${id}`, "room-session watch --json"],
  export: [
    "room-session export --since 30d --format csv --out sessions.csv",
    "room-session export --since 2026-11-01 --until 2026-12-01 --status completed --out november.ndjson",
    "room-session export --status completed --with members,recordings --out sessions.ndjson",
    "room-session export --ids ids.txt --format sqlite --out sessions.sqlite",
    "room-session export --ids ids.txt --format sqlite --out sessions.sqlite --resume"
  ],
  download: [`room-session download ${id}`, `room-session download ${id} --out meeting.mp4`],
  doctor: ["room-session doctor", "room-session doctor --env production.env", "room-session doctor --json"],
  sandbox: [
    "room-session sandbox",
    "room-session sandbox --control --scenario default",
    "eval \"$(room-session sandbox --port 0 --export &)\"",
    "room-session sandbox --respond 500,500"
  ]
}

const config = CliConfig.make({ isCaseSensitive: true, showBuiltIns: false })

/** Commands with their descriptions, without their options. */
const commandRows = (descriptor: CommandDescriptor.Command<unknown>, names: ReadonlyArray<string>): Section["rows"] =>
  names.flatMap(name => {
    const command = Option.getOrUndefined(HashMap.get(CommandDescriptor.getSubcommands(descriptor), name))
    if (command === undefined) return []
    const [description] = sectionsOf(CommandDescriptor.getHelp(command, config))
    const [text = ""] = description?.rows ?? []
    return [[name, typeof text === "string" ? text : text[1]] as const]
  })

const nameOf = (row: Section["rows"][number]): string => typeof row === "string" ? row : row[0]

/** The descriptor of a command; none where the program has no such command. */
const find = (descriptor: Program["descriptor"], command: string | undefined) =>
  command === undefined ? Option.none() : HashMap.get(CommandDescriptor.getSubcommands(descriptor), command)

const rowsOf = (sections: ReadonlyArray<Section>, title: string): Section["rows"] =>
  sections.find(section => section.title === title)?.rows ?? []

/** What to do about an option or an argument that a command does not have. */
export const adviceOn = (
  { descriptor, name }: Program,
  command: string | undefined,
  unknown: { readonly option: string } | { readonly argument: string }
): ReadonlyArray<string> => {
  const found = find(descriptor, command)
  const sections = sectionsOf(CommandDescriptor.getHelp(Option.getOrElse(found, () => descriptor), config))
  if ("option" in unknown) {
    const names = [...rowsOf(sections, "OPTIONS"), ...anywhere.rows].flatMap(row =>
      nameOf(row).match(/--[a-z-]+/g) ?? []
    )
    const similar = nearest(unknown.option, names)
    return similar === undefined ? [] : [`Did you mean ${similar}?`]
  }
  const args = rowsOf(sections, "ARGUMENTS").map(nameOf)
  return [`${command ?? name} takes ${args.length === 0 ? "no argument" : args.join(" ")}.`]
}

/** Renders the help of a program, or of one of its commands. */
export const render = (
  { commands, descriptor, name }: Program,
  command: string | undefined,
  options: Options
): string => {
  const found = find(descriptor, command)
  const described = Option.getOrElse(found, () => descriptor)
  const whole = command === undefined || Option.isNone(found) ? name : `${name} ${command}`
  const sections = sectionsOf(CommandDescriptor.getHelp(described, config))
  const description = rowsOf(sections, "DESCRIPTION")
  const args = rowsOf(sections, "ARGUMENTS")
  const opts = rowsOf(sections, "OPTIONS")
  const subcommands = Option.isSome(found) ? [] : commandRows(described, commands)
  const usage = [
    whole,
    ...(subcommands.length > 0 ? ["<command>"] : []),
    ...(opts.length + subcommands.length > 0 ? ["[options]"] : []),
    ...args.map(nameOf)
  ]
  const shown: ReadonlyArray<Section> = [
    { title: "Usage", rows: [usage.join(" ")] },
    { title: "Commands", rows: subcommands },
    { title: "Arguments", rows: args },
    { title: "Options", rows: opts },
    { title: "Examples", rows: examples[command ?? name] ?? [] },
    ...(Option.isSome(found) ? [anywhere] : [anywhere, environment, codes])
  ]
  return [
    ...description.map(row => wrapLine(nameOf(row), options.width, 0)),
    ...shown.filter(({ rows }) => rows.length > 0).map(section => renderSection(section, options))
  ].join("\n\n")
}
