/** The command `sandbox`: its options, which the package of the sandbox reads. */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import { flag, option, text } from "./options.ts"

/** Each option by its name, so that `toArgs` needs no other names. */
const options = () => ({
  "port": option(
    "port",
    "PORT",
    "a whole number from 0 to 65535",
    "The port; default 4080. 0 is any free port.",
    value => /^\d+$/.test(value) && Number(value) <= 65_535 ? value : undefined
  ),
  "sessions": option(
    "sessions",
    "FILE",
    "the path of a file",
    "The sessions of the space, in YAML, JSON or NDJSON.",
    text
  ),
  "generate": option(
    "generate",
    "N",
    "a whole number from 0 to 100000",
    "The number of completed sessions to generate, up to 100000, after those of --sessions.",
    value => /^\d{1,6}$/.test(value) && Number(value) <= 100_000 ? value : undefined
  ),
  "scenario": option(
    "scenario",
    "FILE",
    "the path of a file, or default",
    "What happens in the space at which times, in YAML or JSON; or default, a scenario of half a minute.",
    text
  ),
  "respond": option(
    "respond",
    "STATUSES",
    "statuses from 200 to 999 with commas between them, such as 500,500",
    "The statuses of the next responses, such as 500,500. 200 is the usual response.",
    value => /^ *[2-9]\d\d *(?:, *[2-9]\d\d *)*$/.test(value) ? value : undefined
  ),
  "prefer": flag("prefer", "A request chooses its status by a header, such as Prefer: code=503."),
  "control": flag(
    "control",
    "The console page at /, and the control endpoint below /_sandbox. Their token is printed."
  ),
  "tls": flag("tls", "TLS, with a certificate that is made for the sandbox. Its file is printed."),
  "host": option(
    "host",
    "ADDRESS",
    "an address to listen on, such as 0.0.0.0",
    "The address to listen on; default 127.0.0.1. With any other, such as 0.0.0.0, other machines can use the sandbox.",
    text
  ),
  "host-name": Options.text("host-name").pipe(
    Options.withPseudoName("NAME"),
    Options.withDescription(
      "A name by which clients address the sandbox, such as that of its container. It can be repeated."
    ),
    Options.repeated
  ),
  "export": flag("export", "Print only lines for a shell on standard output."),
  "json": flag("json", "Print JSON: a line about the sandbox, then a line for each request.")
})

type Value = string | boolean | ReadonlyArray<string> | undefined

const toArgs = (values: Readonly<Record<string, Value>>): ReadonlyArray<string> =>
  Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    if (value === true) return [`--${name}`]
    return [value].flat().flatMap(one => [`--${name}`, one])
  })

export const command = () =>
  Command.make("sandbox", options(), values =>
    Effect.promise(async () => {
      const { main } = await import("@effect-signalwire/sandbox/main")
      main("room-session sandbox", toArgs(values))
    })).pipe(
      Command.withDescription("Serve a space on this machine, for tests and for trying this command.")
    )
