import type { RequestPolicy, RoomSessions, SignalWireError } from "@effect-signalwire/core"
import type { CallJournal } from "@effect-signalwire/core/testing"
import { RoomSessionFixture, RoomSessionsTest, ScriptedTransport } from "@effect-signalwire/core/testing"
import type { ConfigError, Layer } from "effect"
import { Effect } from "effect"
import { describe, expectTypeOf, it } from "vitest"

type Get = RoomSessions.Service["get"]

describe("RoomSessions", () => {
  it("the service is one function", () => {
    expectTypeOf<keyof RoomSessions.Service>().toEqualTypeOf<"get">()
  })

  it("handling all tags but one leaves that one", () => {
    type Others = Exclude<RoomSessions.GetError, { readonly _tag: "SignalWireNotFound" }>
    const isOther = (failure: RoomSessions.GetError): failure is Others => failure._tag !== "SignalWireNotFound"
    const handled = (result: ReturnType<Get>) => Effect.catchIf(result, isOther, () => Effect.succeed(null))
    expectTypeOf<Effect.Effect.Error<ReturnType<typeof handled>>>().toEqualTypeOf<SignalWireError.NotFound>()
  })
})

describe("the layers for tests", () => {
  type Given = RoomSessions.RoomSessions | CallJournal.CallJournal

  it("give the service and the journal, and need nothing", () => {
    expectTypeOf(RoomSessionsTest.layer([])).toEqualTypeOf<Layer.Layer<Given>>()
    expectTypeOf(RoomSessionsTest.layerPartial({})).toEqualTypeOf<Layer.Layer<Given>>()
    expectTypeOf(RoomSessionsTest.layerScript([])).toEqualTypeOf<Layer.Layer<Given>>()
    expectTypeOf(RoomSessionsTest.layerTransport([])).toEqualTypeOf<Layer.Layer<Given, ConfigError.ConfigError>>()
  })

  it("a script takes sessions, failures and effects of both, and nothing else", () => {
    expectTypeOf(RoomSessionFixture.completed()).toExtend<RoomSessionsTest.Response>()
    expectTypeOf<SignalWireError.NotFound>().toExtend<RoomSessionsTest.Response>()
    expectTypeOf<Effect.Effect<never>>().toExtend<RoomSessionsTest.Response>()
    expectTypeOf<Error>().not.toExtend<RoomSessionsTest.Response>()
    expectTypeOf<Effect.Effect<string>>().not.toExtend<RoomSessionsTest.Response>()
    expectTypeOf(ScriptedTransport.refused).not.toExtend<RoomSessionsTest.Response>()
  })

  it("a builder refuses what does not belong to its kind", () => {
    expectTypeOf<RoomSessionFixture.InProgressFields>().not.toHaveProperty("end_time")
    expectTypeOf<RoomSessionFixture.CompletedFields>().not.toHaveProperty("preview_url")
  })

  it("take the policy of production", () => {
    expectTypeOf<NonNullable<Parameters<typeof RoomSessionsTest.layerTransport>[1]>>().toExtend<
      { readonly policy?: RequestPolicy.Options | undefined }
    >()
  })
})
