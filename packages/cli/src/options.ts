/** The options of the list of sessions. */
import { RoomSession } from "@effect-signalwire/core"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/** An option that may be omitted. Any value that `parse` does not accept is a usage error that says what is accepted. */
const option = <A>(
  name: string,
  placeholder: string,
  expected: string,
  description: string,
  parse: (value: string) => A | undefined
): Options.Options<A | undefined> =>
  Options.text(name).pipe(
    Options.withPseudoName(placeholder),
    Options.withDescription(description),
    Options.mapEffect(value => {
      const parsed = parse(value)
      return parsed === undefined
        ? Effect.fail(ValidationError.invalidValue(HelpDoc.p(`--${name} expects ${expected}`)))
        : Effect.succeed(parsed)
    }),
    Options.optional,
    Options.map(Option.getOrUndefined)
  )

const text = (value: string): string | undefined => value === "" ? undefined : value

const statuses = ["in-progress", "completed"] as const

export const status = option(
  "status",
  "STATUS",
  `one of ${statuses.join(", ")}`,
  "Only sessions with this status: in-progress or completed.",
  value => statuses.find(status => status === value)
)

export const roomId = option(
  "room-id",
  "ID",
  "a UUID",
  "Only sessions of this room.",
  value => Schema.is(RoomSession.RoomSessionId)(value) ? value : undefined
)

export const roomName = option("room-name", "NAME", "a name", "Only sessions with this name.", text)

export const roomNameMatches = option(
  "room-name-matches",
  "TEXT",
  "a part of a name",
  "Only sessions with a name that contains this.",
  text
)

export const limit = option(
  "limit",
  "N",
  "a whole number from 1",
  "The maximum number of sessions; default: all.",
  value => /^\d+$/.test(value) && Number(value) >= 1 && Number.isSafeInteger(Number(value)) ? Number(value) : undefined
)
