import type {
  Endpoint,
  RequestPolicy,
  RoomRecordings,
  RoomSession,
  RoomSessions,
  SignalWireClient,
  SignalWireError
} from "@effect-signalwire/core"
import type {
  CallJournal,
  RoomRecordingFixture,
  RoomSessionEventFixture,
  RoomSessionMemberFixture
} from "@effect-signalwire/core/testing"
import { RoomSessionFixture, RoomSessionsTest, Script, ScriptedTransport } from "@effect-signalwire/core/testing"
import type { ConfigError, Exit, Layer } from "effect"
import { Effect } from "effect"
import { describe, expectTypeOf, it } from "vitest"

type Get = RoomSessions.Service["get"]

describe("RoomSessions", () => {
  it("the service RoomSessions is these functions", () => {
    expectTypeOf<keyof RoomSessions.Service>().toEqualTypeOf<
      | "get"
      | "getMany"
      | "watch"
      | "awaitCompleted"
      | "watchAll"
      | "list"
      | "listPage"
      | "members"
      | "events"
      | "recordings"
    >()
  })

  it("an effect with all tags handled but one fails with that one", () => {
    type Others = Exclude<RoomSessions.GetError, { readonly _tag: "SignalWireNotFound" }>
    const isOther = (error: RoomSessions.GetError): error is Others => error._tag !== "SignalWireNotFound"
    const handled = (result: ReturnType<Get>) => Effect.catchIf(result, isOther, () => Effect.succeed(null))
    expectTypeOf<Effect.Effect.Error<ReturnType<typeof handled>>>().toEqualTypeOf<SignalWireError.NotFound>()
  })
})

describe("the layers for tests", () => {
  type Services =
    | RoomSessions.RoomSessions
    | RoomRecordings.RoomRecordings
    | SignalWireClient.SignalWireClient
    | CallJournal.CallJournal

  it("the layers for tests provide both services, the client and the journal, and require nothing", () => {
    expectTypeOf(RoomSessionsTest.layer([])).toEqualTypeOf<Layer.Layer<Services>>()
    expectTypeOf(RoomSessionsTest.layerPartial({})).toEqualTypeOf<Layer.Layer<Services>>()
    expectTypeOf(RoomSessionsTest.layerScript([])).toEqualTypeOf<Layer.Layer<Services>>()
    expectTypeOf(RoomSessionsTest.layerTransport([])).toEqualTypeOf<Layer.Layer<Services, ConfigError.ConfigError>>()
  })

  it("a script takes sessions, errors and effects of both, and nothing else", () => {
    expectTypeOf(RoomSessionFixture.completed()).toExtend<RoomSessionsTest.Response>()
    expectTypeOf<SignalWireError.NotFound>().toExtend<RoomSessionsTest.Response>()
    expectTypeOf<Effect.Effect<never>>().toExtend<RoomSessionsTest.Response>()
    expectTypeOf<Error>().not.toExtend<RoomSessionsTest.Response>()
    expectTypeOf<Effect.Effect<string>>().not.toExtend<RoomSessionsTest.Response>()
    expectTypeOf(ScriptedTransport.refused).not.toExtend<RoomSessionsTest.Response>()
  })

  it("a script takes lists by operation and parameters, typed by the operation", () => {
    const list = Script.when("RoomSessions.get", { id: "any string" }, [RoomSessionFixture.completed()])
    expectTypeOf(list).toExtend<RoomSessionsTest.Script[number]>()
    expectTypeOf(Script.when("RoomSessions.get", {}, ["text"])).not.toExtend<RoomSessionsTest.Script[number]>()
    expectTypeOf(Script.when("RoomSessions.get", {}, [ScriptedTransport.refused])).toExtend<
      ScriptedTransport.Script[number]
    >()
    expectTypeOf<Script.Parameters<"RoomSessions.get">>().toExtend<{ readonly id?: string }>()
    // @ts-expect-error there is no such operation
    Script.when("RoomSessions.open", {}, [])
    // @ts-expect-error the operation has no such parameter
    Script.when("RoomSessions.get", { name: "standup" }, [])
  })

  it("a script of a list takes pages of its items, and nothing else", () => {
    const page = Script.page([RoomSessionFixture.listed(RoomSessionFixture.completed())], { next: "b" })
    expectTypeOf(Script.when("RoomSessions.list", { status: "completed", page_size: 2 }, [page])).toExtend<
      RoomSessionsTest.Script[number]
    >()
    expectTypeOf(Script.when("RoomSessions.members", {}, [page])).not.toExtend<RoomSessionsTest.Script[number]>()
    expectTypeOf(Script.when("RoomSessions.get", {}, [page])).not.toExtend<RoomSessionsTest.Script[number]>()
    // @ts-expect-error the contract has no such status
    Script.when("RoomSessions.list", { status: "open" }, [])
  })

  it("a layer takes sessions as a list, with what belongs to them, or by id", () => {
    type Given = Parameters<typeof RoomSessionsTest.layer>[0]
    expectTypeOf([RoomSessionFixture.listed(RoomSessionFixture.completed())]).toExtend<Given>()
    expectTypeOf<{ readonly sessions: ReadonlyArray<RoomSession.RoomSession> }>().toExtend<Given>()
    expectTypeOf<{ readonly sessions: SignalWireError.NotFound }>().not.toExtend<RoomSessionsTest.Data>()
  })

  it("an option, a field of a fixture and a list of a layer that are undefined count as omitted", () => {
    expectTypeOf<{ readonly headers: undefined; readonly retryAfter: undefined }>().toExtend<
      ScriptedTransport.ResponseOptions
    >()
    expectTypeOf<{ readonly sessions: undefined; readonly members: undefined }>().toExtend<RoomSessionsTest.Data>()
    expectTypeOf<{ readonly name: undefined; readonly start_time: undefined }>().toExtend<
      RoomSessionFixture.InProgressFields
    >()
    expectTypeOf<{ readonly name: undefined; readonly end_time: undefined }>().toExtend<
      RoomSessionFixture.CompletedFields
    >()
    expectTypeOf<{ readonly locked_cover: undefined }>().toExtend<RoomSessionFixture.ListedFields>()
    expectTypeOf<{ readonly name: undefined }>().toExtend<RoomSessionMemberFixture.Fields>()
    expectTypeOf<{ readonly name: undefined }>().toExtend<RoomSessionEventFixture.Fields>()
    expectTypeOf<{ readonly status: undefined }>().toExtend<RoomRecordingFixture.Fields>()
    expectTypeOf<{ readonly isPage: undefined; readonly successStatus: undefined; readonly maxBodyBytes: undefined }>()
      .toExtend<Pick<Endpoint.Spec, "isPage" | "successStatus" | "maxBodyBytes">>()
  })

  it("a call of the journal has the parameters and the exit of its operation", () => {
    expectTypeOf<CallJournal.Call["operation"]>().toEqualTypeOf<Script.Operation>()
    expectTypeOf<CallJournal.CallOf<"RoomSessions.get">["parameters"]>().toExtend<{ readonly id: string }>()
    expectTypeOf<CallJournal.CallOf<"RoomSessions.get">["exit"]>().toEqualTypeOf<
      Exit.Exit<RoomSession.RoomSessionSummary, RoomSessions.GetError> | undefined
    >()
  })

  it("a fixture does not take fields of the other one", () => {
    expectTypeOf<RoomSessionFixture.InProgressFields>().not.toHaveProperty("end_time")
    expectTypeOf<RoomSessionFixture.CompletedFields>().not.toHaveProperty("preview_url")
  })

  it("the layers for tests take the policy of production", () => {
    expectTypeOf<NonNullable<Parameters<typeof RoomSessionsTest.layerTransport>[1]>>().toExtend<
      { readonly policy?: RequestPolicy.Options | undefined }
    >()
  })
})
