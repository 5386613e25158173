import { Endpoint, SignalWireClient, SignalWireError } from "@effect-signalwire/core"
import { Effect, Schema } from "effect"

const Room = Schema.Struct({ id: Schema.UUID, name: Schema.String })

/** Endpoints that the library does not have. */
const getRoom = Endpoint.get("Rooms.get", "/rooms/:id", {
  operationId: "get_room",
  summary: "Get room",
  description: "Finds a room by its id.",
  result: "The room.",
  params: { id: Schema.UUID },
  success: Room,
  errors: { 401: SignalWireError.Unauthorized, 404: SignalWireError.NotFound },
  echoes: "id"
})

const createRoom = Endpoint.post("Rooms.create", "/rooms", {
  operationId: "create_room",
  summary: "Create room",
  description: "Creates a room.",
  result: "The room.",
  payload: Schema.Struct({ name: Schema.String }),
  success: Room,
  successStatus: 201,
  errors: { 401: SignalWireError.Unauthorized, 422: SignalWireError.UnprocessableContent }
})

/** Authenticated, timed, retried, decoded and traced as every call of the library. */
export class Rooms extends Effect.Service<Rooms>()("Rooms", {
  effect: Effect.map(SignalWireClient.SignalWireClient, client => {
    const get = client.prepare(getRoom)
    const create = client.prepare(createRoom)
    return { get: (id: string) => get({ id }), create: (name: string) => create({ payload: { name } }) }
  })
}) {}
