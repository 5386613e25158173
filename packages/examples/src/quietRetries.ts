import { Effect, FiberRef, HashMap, HashSet, Logger, LogLevel, Option } from "effect"

/** Whether a line is a warning of the library about a call that needed retries. */
const isAboutRetries = ({ annotations, logLevel }: Logger.Logger.Options<unknown>) =>
  logLevel === LogLevel.Warning
  && HashMap.has(annotations, "attempts")
  && Option.exists(HashMap.get(annotations, "operation"), operation => String(operation).startsWith("RoomSessions."))

const withoutRetries = <A>(logger: Logger.Logger<unknown, A>) =>
  Logger.make<unknown, A | undefined>(options => isAboutRetries(options) ? undefined : logger.log(options))

/** Leaves those warnings out of all loggers, an exporter included, for one effect such as an export. */
export const withoutRetryWarnings: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> = Effect
  .locallyWith(FiberRef.currentLoggers, HashSet.map(withoutRetries))
