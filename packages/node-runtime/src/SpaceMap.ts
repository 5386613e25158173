/**
 * The clients of many spaces, such as one for each tenant of an application: made on demand, and closed when they are idle.
 *
 * @since 1.0.0
 */
import { SignalWireClient } from "@effect-signalwire/core"
import * as Clock from "effect/Clock"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Layer from "effect/Layer"
import * as MutableHashMap from "effect/MutableHashMap"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import * as NodeSignalWire from "./NodeSignalWire.ts"
import { inCallerContext } from "./internal/callerContext.ts"
import { allOf } from "./internal/configErrors.ts"
import { optionsOfRow } from "./internal/layerOptions.ts"
import * as optionNames from "./internal/optionNames.ts"

/**
 * The options of a map.
 *
 * @since 1.0.0
 * @category models
 */
export interface Options<K, E, R> {
  /**
   * Finds the options of a space by its key, for example in a database. It runs when a key is used for the first time, and again
   * after its client was closed or invalidated. All concurrent uses of the key share its result. An error reaches the callers
   * that wait for it, and is not remembered. What is no option in the result, such as a further column of a row, is ignored.
   *
   * It has the services of `make`, the span of the first of its callers, and as `Scope` that of the client: what it acquires is
   * released after the client is closed.
   */
  readonly lookup: (key: K) => Effect.Effect<NodeSignalWire.Options, E, R>
  /**
   * The time after which a client that is not used is closed; default 5 minutes. With 0 it is closed after its last use, with
   * `Duration.infinity` only with the map.
   */
  readonly idleTimeToLive?: Duration.DurationInput | undefined
}

/**
 * A map from a key to the client of its space.
 *
 * @since 1.0.0
 * @category models
 */
export interface SpaceMap<in K, out E = never> {
  /**
   * The services of a space. The client is in use as long as the layer. Keys are compared by `Equal`, so a `Data` can be one.
   */
  readonly get: (key: K) => Layer.Layer<NodeSignalWire.Services, ConfigError.ConfigError | E>
  /**
   * Removes the client of a key, for example after its token was rotated: the next use looks the options up again. A client that
   * is in use is closed after its last use.
   *
   * In an effect that has the services of `get` for this key, it removes the client of that effect, and none that was made later: when
   * many calls fail with `Unauthorized` at the same time and each of them invalidates, there is one lookup.
   */
  readonly invalidate: (key: K) => Effect.Effect<void>
}

type Services = Context.Context<NodeSignalWire.Services>

/** The client of a key. */
interface Entry<E> {
  readonly services: Deferred.Deferred<Services, ConfigError.ConfigError | E>
  scope: Scope.CloseableScope | undefined
  /** Whether the lookup has ended. */
  isBuilt: boolean
  /** Whether it is no longer in the map: the last user closes it. */
  isRemoved: boolean
  users: number
  /** When its last use ended, in milliseconds. */
  idleSince: number
  hasTimer: boolean
}

const isNegative = (input: unknown): boolean =>
  typeof input === "string"
    ? input.trim().startsWith("-")
    : Number.isNaN(input) || ((typeof input === "number" || typeof input === "bigint") && input < 0)

/** `Duration` decodes negative values and `NaN` to zero. An array has seconds and nanoseconds. */
const isBelowZero = (input: unknown): boolean => Array.isArray(input) ? input.some(isNegative) : isNegative(input)

/** A longer delay of a JavaScript timer is none. */
const isTimer = (duration: Duration.Duration): boolean =>
  !Duration.isFinite(duration) || Duration.toMillis(duration) < 2 ** 31

const checkIdleTime = (given: unknown): Effect.Effect<Duration.Duration, ConfigError.ConfigError> => {
  const decoded = isBelowZero(given) ? Option.none() : Option.filter(Duration.decodeUnknown(given), isTimer)
  return Option.match(decoded, {
    onNone: () =>
      Effect.fail(ConfigError.InvalidData(
        ["idleTimeToLive"],
        "Expected a duration of at least zero and below 2^31 ms, such as \"5 minutes\", or Duration.infinity"
      )),
    onSome: Effect.succeed
  })
}

/** Milliseconds of a clock that is never set back. */
const monotonicMillis = Effect.map(Clock.currentTimeNanos, nanos => Number(nanos / 1_000_000n))

const names = optionNames.namesOf<Options<never, never, never>>({ lookup: true, idleTimeToLive: true })

const invalidLookup = Effect.fail(
  ConfigError.InvalidData(["lookup"], "Expected a function that returns an Effect with the options of a space")
)

/** Validates options, which code without types can give as anything. */
const resolve = <K, E, R>(options: Options<K, E, R>) => {
  const { idleTimeToLive = "5 minutes", lookup } = optionNames.readable(options)
  return Effect.all({
    names: optionNames.check(options, names),
    lookup: typeof lookup === "function" ? Effect.succeed(lookup) : invalidLookup,
    idleTime: checkIdleTime(idleTimeToLive)
  }, { mode: "validate" }).pipe(Effect.mapError(allOf))
}

/**
 * Makes a map. Each key has a client, a connection pool and a retry budget of its own. All clients are closed with the scope, at the
 * same time, each with the `shutdownGrace` of its policy; a key that is used for the first time after that is an interruption.
 * The `ConfigError` names every option that is invalid or does not exist.
 *
 * @since 1.0.0
 * @category constructors
 * @example
 * import { RoomSessions } from "@effect-signalwire/core"
 * import { SpaceMap } from "@effect-signalwire/node-runtime"
 * import { Effect, Redacted } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const spaces = yield* SpaceMap.make({
 *     lookup: (tenant: string) =>
 *       Effect.succeed({ space: tenant, projectId: `project-${tenant}`, apiToken: Redacted.make(`token-${tenant}`) }),
 *     idleTimeToLive: "10 minutes"
 *   })
 *   return yield* Effect.flatMap(RoomSessions.RoomSessions, sessions =>
 *     sessions.get("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
 *   ).pipe(Effect.provide(spaces.get("acme")))
 * }).pipe(Effect.scoped)
 */
export const make = <K, E = never, R = never>(
  options: Options<K, E, R>
): Effect.Effect<SpaceMap<K, E>, ConfigError.ConfigError, R | Scope.Scope> =>
  Effect.gen(function*() {
    const { idleTime, lookup } = yield* resolve(options)
    // the span of `make` has ended when a lookup runs; a lookup that requires one has that of its caller
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const services = Context.omit(Tracer.ParentSpan)(yield* Effect.context<R>()) as Context.Context<R>
    // parallel, so that the graces of the clients do not add up
    const clients = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.parallel)
    const entries = MutableHashMap.empty<K, Entry<E>>()
    const made = new WeakMap<SignalWireClient.Service, { readonly key: K; readonly entry: Entry<E> }>()

    const remove = (key: K, entry: Entry<E>): void => {
      const isCurrent = Option.exists(MutableHashMap.get(entries, key), current => current === entry)
      if (isCurrent) MutableHashMap.remove(entries, key)
      entry.isRemoved = true
    }

    /**
     * Closes an entry in a fiber of its own. Each finalizer leaves FiberRefs of the fiber that added it, here that of the lookup, in the
     * fiber that runs it, and a fiber that uses many clients would retain them all.
     */
    const close = ({ scope }: Entry<E>): Effect.Effect<void> =>
      scope === undefined
        ? Effect.void
        : inCallerContext(Effect.flatMap(Effect.forkDaemon(Scope.close(scope, Exit.void)), Fiber.await)).pipe(
          Effect.flatten
        )

    /** The context of a lookup. A caller may have other services than `make`, or be in a transaction. */
    const contextOf = (caller: Context.Context<never>, scope: Scope.Scope): Context.Context<R | Scope.Scope> =>
      Context.mergeAll(services, Context.pick(Tracer.ParentSpan)(caller), Context.make(Scope.Scope, scope))

    const build = (key: K, entry: Entry<E>, scope: Scope.CloseableScope): Effect.Effect<void> =>
      Effect.uninterruptible(
        // it would inherit from the first caller that it cannot be interrupted
        Effect.interruptible(
          Effect.suspend((): Effect.Effect<NodeSignalWire.Options, E | ConfigError.ConfigError, R> => {
            const found = lookup(key)
            return Effect.isEffect(found) ? found : invalidLookup
          }).pipe(
            Effect.mapInputContext((caller: Context.Context<never>) => contextOf(caller, scope)),
            Effect.flatMap(row => Layer.buildWithScope(NodeSignalWire.layer(optionsOfRow(row)), scope))
          )
        ).pipe(
          Effect.exit,
          Effect.flatMap(exit => {
            entry.isBuilt = true
            const settled = Deferred.done(entry.services, exit)
            if (Exit.isSuccess(exit)) {
              made.set(Context.get(exit.value, SignalWireClient.SignalWireClient), { key, entry })
              return settled
            }
            remove(key, entry)
            // another fiber would wait for the end of this one, which is in the scope
            return entry.users === 0 ? Effect.zipRight(settled, Scope.close(scope, Exit.void)) : settled
          })
        )
      )

    /** Adds an entry, and begins its lookup in a fiber of its own: the callers share it, and each of them can be interrupted. */
    const add = (key: K): Effect.Effect<Entry<E>> => {
      const entry: Entry<E> = {
        services: Deferred.unsafeMake(FiberId.none),
        scope: undefined,
        isBuilt: false,
        isRemoved: false,
        users: 1,
        idleSince: 0,
        hasTimer: false
      }
      MutableHashMap.set(entries, key, entry)
      return Effect.gen(function*() {
        const scope = yield* Scope.fork(clients, ExecutionStrategy.sequential)
        entry.scope = scope
        yield* Effect.forkIn(build(key, entry, scope), scope)
        return entry
      })
    }

    const use = (key: K): Effect.Effect<Entry<E>> =>
      Effect.suspend(() =>
        Option.match(MutableHashMap.get(entries, key), {
          onNone: () => add(key),
          onSome: entry => {
            entry.users++
            return Effect.succeed(entry)
          }
        })
      )

    /** Closes an entry when it has not been used for the time. One fiber serves all uses meanwhile. */
    const closeWhenIdle = (key: K, entry: Entry<E>): Effect.Effect<void> =>
      Effect.flatMap(monotonicMillis, now => {
        const left = entry.idleSince + Duration.toMillis(idleTime) - now
        if (entry.users > 0 || entry.isRemoved) {
          entry.hasTimer = false
          return Effect.void
        }
        if (left > 0) return Effect.zipRight(Effect.sleep(left), closeWhenIdle(key, entry))
        remove(key, entry)
        return Effect.uninterruptible(close(entry))
      })

    const release = (key: K, entry: Entry<E>): Effect.Effect<void> =>
      Effect.flatMap(monotonicMillis, now => {
        entry.users--
        if (entry.users > 0) return Effect.void
        if (entry.isRemoved || Duration.toMillis(idleTime) === 0) {
          remove(key, entry)
          return close(entry)
        }
        entry.idleSince = now
        if (entry.hasTimer || !Duration.isFinite(idleTime)) return Effect.void
        entry.hasTimer = true
        return Effect.asVoid(Effect.forkIn(Effect.interruptible(closeWhenIdle(key, entry)), clients))
      })

    const acquire = (key: K): Effect.Effect<Services, ConfigError.ConfigError | E, Scope.Scope> =>
      Effect.uninterruptibleMask(restore =>
        Effect.flatMap(Effect.acquireRelease(use(key), entry => release(key, entry)), entry => {
          const services = restore(Deferred.await(entry.services))
          return entry.isBuilt ? services : inCallerContext(services)
        })
      )

    /** Whether an effect has a client of the key that is no longer in the map. */
    const hasRemoved = (key: K, context: Context.Context<never>): boolean =>
      Option.exists(Context.getOption(context, SignalWireClient.SignalWireClient), client => {
        const own = made.get(client)
        return own !== undefined && own.entry.isRemoved && Equal.equals(own.key, key)
      })

    return {
      get: key => Layer.scopedContext(acquire(key)),
      invalidate: key =>
        Effect.contextWithEffect(context => {
          const entry = MutableHashMap.get(entries, key)
          if (Option.isNone(entry) || hasRemoved(key, context)) return Effect.void
          remove(key, entry.value)
          return entry.value.users === 0 ? Effect.uninterruptible(close(entry.value)) : Effect.void
        })
    }
  })
