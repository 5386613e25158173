import { RecordingDownload, RoomRecordings } from "@effect-signalwire/core"
import { Effect, Stream } from "effect"

const part = (id: string, options?: RecordingDownload.Options) =>
  Stream.unwrap(
    Effect.gen(function*() {
      const recordings = yield* RoomRecordings.RoomRecordings
      const recording = yield* recordings.get(id, { mediaTtl: "1 hour" })
      return RecordingDownload.download(recording, options)
    })
  )

/** The file of a recording. A link that expires during the download is replaced once, and the same file is continued. */
export const recordingFile = (id: string) =>
  part(id).pipe(
    Stream.catchTag("SignalWireLinkExpired", ({ etag, received }) => part(id, { etag, resumeFrom: received }))
  )
