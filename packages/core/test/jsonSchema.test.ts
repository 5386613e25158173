/** The JSON Schema that Effect derives from the models, for the OpenAPI documents of applications. */
import { RoomRecording, RoomSession, RoomSessionEvent, RoomSessionMember } from "@effect-signalwire/core"
import {
  RoomRecordingArbitrary,
  RoomSessionArbitrary,
  RoomSessionFixture,
  RoomSessionMemberArbitrary
} from "@effect-signalwire/core/testing"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Ajv } from "ajv"
import { Arbitrary, FastCheck, Schema } from "effect"

/** The API of an application that responds with a model of this library. */
const schemaOf = (model: Schema.Schema.AnyNoContext): object => {
  const endpoint = HttpApiEndpoint.get("get", "/").addSuccess(model)
  const { components, paths } = OpenApi.fromApi(HttpApi.make("own").add(HttpApiGroup.make("rooms").add(endpoint)))
  const content = paths["/"]?.get?.responses[200]?.content
  return { components, ...content?.["application/json"]?.schema }
}

const models = [
  ["RoomSessionSummary", RoomSession.RoomSessionSummary, RoomSessionArbitrary.anyValid],
  ["RoomSession", RoomSession.RoomSession, Arbitrary.make(RoomSession.RoomSession)],
  ["RoomSessionMember", RoomSessionMember.RoomSessionMember, RoomSessionMemberArbitrary.anyValid],
  ["RoomSessionEvent", RoomSessionEvent.RoomSessionEvent, Arbitrary.make(RoomSessionEvent.RoomSessionEvent)],
  ["RoomRecording", RoomRecording.RoomRecording, RoomRecordingArbitrary.anyValid]
] as const

describe("the OpenAPI document of an application", () => {
  for (const [name, model, anyValid] of models) {
    it(`the document of an endpoint that responds with ${name} allows every encoded value`, () => {
      const ajv = new Ajv({ strict: false, validateFormats: false })
      const validate = ajv.compile(schemaOf(model))
      FastCheck.assert(
        FastCheck.property<[unknown]>(anyValid, value => {
          const encoded: unknown = JSON.parse(JSON.stringify(value))
          assert.isTrue(validate(encoded), ajv.errorsText(validate.errors))
        }),
        { numRuns: 300 }
      )
    })
  }

  it("the document names the known values of an open enumeration as examples, and rejects other types", () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    const validate = ajv.compile(schemaOf(RoomSession.RoomSessionSummary))
    const encoded = Schema.encodeSync(RoomSession.RoomSessionSummary)(RoomSessionFixture.completed())
    assert.isTrue(validate({ ...encoded, status: "paused", fps: 60 }))
    assert.isFalse(validate({ ...encoded, status: 1 }))
    assert.isFalse(validate({ ...encoded, locked: "no" }))
    assert.isFalse(validate({ ...encoded, id: null }))
    assert.include(JSON.stringify(schemaOf(RoomSession.RoomSessionSummary)), `"examples":["in-progress","completed"]`)
  })
})
