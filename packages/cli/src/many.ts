/** Prints the sessions of several ids, in their order. */
import { RoomSessions } from "@effect-signalwire/core"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { AlreadyPrinted, type CommandError } from "./CommandError.ts"
import { type ExitCode, exitCodes } from "./exitCodes.ts"
import * as format from "./format.ts"
import * as get from "./get.ts"
import * as json from "./json.ts"
import type { Mode } from "./modes.ts"
import { forEachPage } from "./pages.ts"
import { printJsonError } from "./print.ts"
import type { Bodies } from "./raw.ts"
import * as report from "./report.ts"
import { Target } from "./target.ts"
import { notice, Streams, type ViewOptions } from "./terminal.ts"

const printError = (id: string, error: CommandError, { _tag }: Mode) =>
  Effect.flatMap(Streams, ({ isErrorTerminal, isOutputTerminal }) =>
    _tag === "Json"
      ? printJsonError(json.encodeError(error, id))
      : notice(
        // on a terminal it is below a session
        `${isErrorTerminal && isOutputTerminal && _tag === "Text" ? "\n" : ""}room-session: ${format.printable(id)}: ${
          error.lines.map(format.printable).join("\n")
        }`
      ))

/** The common exit code of several errors. */
const exitCodeOf = (errors: ReadonlyArray<CommandError>): ExitCode => {
  const [first, ...others] = new Set(errors.map(({ exitCode }) => exitCode))
  return first === undefined ? exitCodes.success : others.length === 0 ? first : exitCodes.other
}

/** The exit code for errors that are printed already. */
const failWith = (errors: ReadonlyArray<CommandError>) =>
  errors.length === 0 ? Effect.void : Effect.fail(new AlreadyPrinted({ exitCode: exitCodeOf(errors) }))

/** An error of one id does not end the others, unless the credentials are wrong. */
export const print = <E, R>(
  ids: ReadonlyArray<string>,
  mode: Mode,
  /** Prints more of a session. */
  more: (id: string) => Effect.Effect<void, E | CommandError, R>
) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    const target = yield* Target
    const errors: Array<CommandError> = []
    let isFirst = true
    yield* forEachPage(
      Stream.mapError(sessions.getMany(ids), error => report.ofError(error, target)),
      page =>
        Effect.forEach(page, ({ id, result }): Effect.Effect<void, E | CommandError, R | Streams | ViewOptions> => {
          if (Either.isLeft(result)) {
            const error = report.ofError(result.left, target)
            errors.push(error)
            return printError(id, error, mode)
          }
          const wasFirst = isFirst
          isFirst = false
          return Effect.zipRight(get.print(result.right, mode, wasFirst), more(id))
        }, { discard: true })
    )
    yield* failWith(errors)
  })

/** The bodies arrive in the order of the ids, since each is fetched after the one before. */
export const printRaw = (ids: ReadonlyArray<string>, mode: Mode, bodies: Bodies) =>
  Effect.gen(function*() {
    const errors: Array<CommandError> = []
    for (const [index, id] of ids.entries()) {
      yield* Effect.catchIf(
        get.printRaw(id, bodies, index === 0),
        ({ exitCode }) => exitCode !== exitCodes.unauthorized,
        error => {
          errors.push(error)
          return printError(id, error, mode)
        }
      )
    }
    yield* failWith(errors)
  })
