// dprint-ignore-file
/** Generated from the docstrings of the models and errors: `vitest packages/core/test/descriptions.test.ts -u`. */

/** Of each field of a model, by the model's identifier. */
export const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Video.RoomSessionSummary": {
    id: "The id of the session.",
    room_id: "The id of the room that the session was started from; null when it was started without a room, or when the room was deleted.",
    name: "The name that addresses the room.",
    display_name: "The name that users see, at most 200 characters.",
    max_members: "The maximum number of members at the same time.",
    quality: "The resolution of the video.",
    fps: "The frames per second of the video.",
    join_from: "The time from which members can join.",
    join_until: "The time until which members can join.",
    remove_at: "The time at which all members are removed.",
    remove_after_seconds_elapsed: "The maximum time that a member can stay, in whole seconds.",
    layout: "The layout at the start, such as `grid-responsive`; the set of names is open.",
    record_on_start: "Whether a recording starts with the session.",
    tone_on_entry_and_exit: "Whether a tone is played when a member enters or leaves.",
    room_join_video_off: "Whether the room makes members join with their video off.",
    user_join_video_off: "Whether the user's settings make members join with their video off.",
    locked: "Whether the session is closed to new members.",
    start_time: "When the session started.",
    end_time: "When the session ended; null while it is in progress.",
    duration: "The time from start to end, or since the start while the session is in progress, in whole seconds.",
    status: "Whether the session is in progress or completed.",
    created_at: "When the service created its record of the session.",
    updated_at: "When the service last changed its record of the session.",
    preview_url: "The URL of an animated preview, which is refreshed about twice a minute; null when previews are off.",
    prioritize_handraise: "Whether members with a raised hand come first in the layout.",
    sync_audio_video: "Whether the jitter buffer synchronizes audio and video."
  }
}

/** Of each status that has an error class of its own. */
export const statuses: Readonly<Record<number, string>> = {
  400: "The request is invalid.",
  401: "The credentials are missing or wrong, the address is that of another space, the API token lacks the Video scope, or the account is not verified.",
  404: "The project has no such resource.",
  500: "The service failed.",
  429: "Too many requests."
}
