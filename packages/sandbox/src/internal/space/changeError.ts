/** The error of a change that the state of a space does not allow. */
import * as Data from "effect/Data"

/**
 * A change that is not possible: of a session, a member or a recording that does not exist, or that is not in progress.
 *
 * @since 1.0.0
 * @category errors
 * @example
 * import { SandboxSpace } from "@effect-signalwire/sandbox"
 * import { Effect } from "effect"
 *
 * const [session] = SandboxSpace.seeds
 *
 * const endOnce = Effect.flatMap(SandboxSpace.SandboxSpace, sandbox => sandbox.end(session.id)).pipe(
 *   Effect.catchTag("ChangeError", error => error.reason === "Completed" ? Effect.void : Effect.fail(error))
 * )
 */
export class ChangeError extends Data.TaggedError("ChangeError")<{
  /** The id of the change: of a session, a member or a recording. */
  readonly id: string
  /** Why the change is not possible. */
  readonly reason:
    | "UnknownSession"
    | "UnknownMember"
    | "UnknownRecording"
    | "NotStarted"
    | "Completed"
    | "MemberLeft"
    | "RecordingEnded"
}> {
  override get message(): string {
    switch (this.reason) {
      case "UnknownSession":
        return `The sandbox has no session ${this.id}`
      case "UnknownMember":
        return `The sandbox has no member ${this.id}`
      case "UnknownRecording":
        return `The sandbox has no recording ${this.id}`
      case "NotStarted":
        return `The session ${this.id} has not started; put it with the status in-progress`
      case "Completed":
        return `The session ${this.id} is completed; put it with the status in-progress to start it again`
      case "MemberLeft":
        return `The member ${this.id} is not inside of its session`
      case "RecordingEnded":
        return `The recording ${this.id} has ended`
    }
  }
}
