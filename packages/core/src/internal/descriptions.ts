// dprint-ignore-file
/** Generated from the docstrings of the models and errors: `vitest packages/core/test/descriptions.test.ts -u`. */

/** Of each field of a model, by the model's identifier. */
export const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Video.RoomRecording": {
    id: "The id of the recording.",
    room_session_id: "The id of the room session.",
    status: "The state of the recording.",
    started_at: "When the recording started.",
    finished_at: "When the recording ended; null while it is in progress.",
    duration: "The length of the recording, in whole seconds.",
    size_in_bytes: "The size of the file, in bytes.",
    format: "The media type of the file, such as `video/mp4`.",
    cost_in_dollars: "The cost of the recording in US dollars.",
    uri: "The URL of the file, on a host of its own.",
    created_at: "When the service created its record of the recording.",
    updated_at: "When the service last changed its record of the recording."
  },
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
  },
  "Video.RoomSession": {
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
    sync_audio_video: "Whether the jitter buffer synchronizes audio and video.",
    cost_in_dollars: "The cost of the session in US dollars.",
    enable_room_previews: "Whether the service makes previews of the session.",
    locked_cover: "The URL of the picture that is shown while the session is locked."
  },
  "Video.RoomSessionEvent": {
    id: "The id of the event.",
    project_id: "The id of the project.",
    room_id: "The id of the room.",
    room_session_id: "The id of the room session.",
    room_recording_id: "The id of the recording that the event is about; null for every other event.",
    room_participant_id: "The id of the member that the event is about; null for every other event.",
    level: "The severity, such as `info`; an open set of names.",
    name: "The name, such as `room.started`; an open set of names.",
    payload: "What the service adds to an event of this name, as JSON.",
    created_at: "When the event happened."
  },
  "Video.RoomSessionMember": {
    id: "The id of the member.",
    room_session_id: "The id of the room session.",
    name: "The name to show to people.",
    join_time: "When the member joined.",
    leave_time: "When the member left; null while it is inside.",
    duration: "How long the member stayed, in whole seconds.",
    cost_in_dollars: "The cost of the member in US dollars."
  },
  "SignalWireErrorDetail": {
    type: "The vendor's kind of error, such as `validation_error`.",
    code: "The vendor's code, such as `not_a_uuid`.",
    message: "The text of the service.",
    attribute: "The name of the invalid parameter.",
    url: "The URL of the vendor's documentation of the error."
  }
}

/** Of each status that has an error class of its own. */
export const statuses: Readonly<Record<number, string>> = {
  400: "The request is invalid.",
  401: "The credentials are missing or wrong, the address is that of another space, the API token lacks the Video scope, or the account is not verified.",
  404: "The project has no such resource.",
  422: "The service rejects a parameter of the request.",
  500: "The service failed.",
  429: "Too many requests."
}
