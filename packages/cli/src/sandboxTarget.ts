/** The embedded sandbox, where the environment names no space. */
import { Credentials } from "@effect-signalwire/core"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as report from "./report.ts"
import { type Live, spaceOr, Target, variablesSet } from "./target.ts"
import * as words from "./words.ts"

/** A sandbox of its own on a free port, loaded only when it is needed. */
const sandbox: Live = Layer.unwrapScoped(Effect.gen(function*() {
  const { SandboxSpace } = yield* Effect.promise(() => import("@effect-signalwire/sandbox"))
  const context = yield* Effect.mapError(Layer.build(SandboxSpace.layerTest), report.ofListenError)
  const { options, sessions, url } = Context.get(context, SandboxSpace.SandboxSpace)
  return Layer.merge(
    Layer.mapError(NodeSignalWire.layer(options), report.ofConfigError),
    Layer.succeed(Target, { _tag: "Sandbox", origin: url, ids: sessions.map(({ id }) => id) })
  )
}))

/** Somebody who set a variable of another name expects a space of their own, and no sandbox. */
const tellSimilarNames = Effect.matchEffect(Credentials.fromConfig(), {
  onFailure: error =>
    Effect.forEach(
      report.ofConfigError(error).lines.filter(line => line.includes("is set instead")),
      line => Console.error(line),
      { discard: true }
    ),
  onSuccess: () => Effect.void
})

/** The space that the environment names, or a sandbox when it names nothing at all. */
export const spaceOrSandbox: Live = Layer.fresh(Layer.unwrapEffect(
  Effect.flatMap(variablesSet, set =>
    set.length === 0
      ? Effect.as(tellSimilarNames, sandbox)
      : Effect.succeed(spaceOr(
        `${words.list(set)} ${
          set.length === 1 ? "is" : "are"
        } set: set all for your space, or none for the embedded sandbox.`
      )))
))
