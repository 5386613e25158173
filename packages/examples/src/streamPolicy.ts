import { RequestPolicy, RoomSessions } from "@effect-signalwire/core"
import { HttpServerResponse } from "@effect/platform"
import { Effect, Stream } from "effect"

/** A policy for the calls of a stream, whatever effect runs it: it is set for each pull. */
const withPolicy = (policy: RequestPolicy.RequestPolicy) => <A, E, R>(stream: Stream.Stream<A, E, R>) =>
  Stream.fromPull(Effect.map(Stream.toPull(stream), RequestPolicy.with(policy)))

/** A response with the ids of all sessions, a line each. The server runs the stream after this effect has ended. */
export const idsResponse = Effect.map(RoomSessions.RoomSessions, sessions =>
  HttpServerResponse.stream(
    sessions.list({ page_size: 1000 }).pipe(
      Stream.map(({ id }) => `${id}\n`),
      Stream.encodeText,
      withPolicy(RequestPolicy.batch)
    ),
    { contentType: "text/plain" }
  ))
