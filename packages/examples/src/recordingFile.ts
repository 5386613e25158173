import { RecordingDownload, RoomRecordings } from "@effect-signalwire/core"
import { Effect, Stream } from "effect"

/** The file of a recording. The link of the file is valid for an hour. */
export const recordingFile = (id: string) =>
  Stream.unwrap(
    Effect.gen(function*() {
      const recordings = yield* RoomRecordings.RoomRecordings
      const recording = yield* recordings.get(id, { mediaTtl: "1 hour" })
      return RecordingDownload.download(recording)
    })
  )
