/** The embedded sandbox as a target, if no variable of a space is set. */
import { Credentials } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as format from "./format.ts"
import * as report from "./report.ts"
import * as spaceTarget from "./spaceTarget.ts"
import { type MakeTarget, Target, type TargetLayer } from "./target.ts"

/** A sandbox on a free port. Its module is loaded only when the sandbox is used. */
const sandbox: TargetLayer = Layer.unwrapScoped(Effect.gen(function*() {
  const { SandboxSpace } = yield* Effect.promise(() => import("@effect-signalwire/sandbox"))
  const context = yield* Effect.mapError(Layer.build(SandboxSpace.layerTest), report.ofListenError)
  const { options, sessions, url } = Context.get(context, SandboxSpace.SandboxSpace)
  return Layer.merge(
    Layer.mapError(NodeSignalWire.layer(options), report.ofConfigError),
    Layer.succeed(Target, { _tag: "Sandbox", origin: url, ids: sessions.map(({ id }) => id) })
  )
}))

/** Prints variables with similar names that are set: a user who set one expects their own space and not the sandbox. */
const printSimilarNames = Effect.matchEffect(Credentials.fromConfig(), {
  onFailure: error =>
    Effect.forEach(
      report.ofConfigError(error).lines.filter(line => line.includes("is set instead")),
      line => Console.error(line),
      { discard: true }
    ),
  onSuccess: () => Effect.void
})

/** The space of the environment variables, or a sandbox where none of them is set. */
export const spaceOrSandbox: MakeTarget = connection =>
  Layer.fresh(Layer.unwrapEffect(
    Effect.flatMap(spaceTarget.variablesSet, set =>
      set.length === 0
        ? Effect.as(printSimilarNames, sandbox)
        : Effect.succeed(
          spaceTarget.makeWithAdvice(
            `${format.list(set)} ${
              set.length === 1 ? "is" : "are"
            } set: set all for your space, or none for the embedded sandbox.`
          )(connection)
        ))
  ))
