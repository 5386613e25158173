import * as z from "zod"

const make = <Instant extends z.ZodType>(instant: Instant) =>
  z.object({
    id: z.uuid(),
    room_id: z.uuid().nullish(),
    name: z.string().nullish(),
    display_name: z.string().nullish(),
    max_members: z.int().nullish(),
    quality: z.string().nullish(),
    fps: z.union([z.string(), z.number()]).nullish(),
    join_from: instant.nullish(),
    join_until: instant.nullish(),
    remove_at: instant.nullish(),
    remove_after_seconds_elapsed: z.int().nonnegative().nullish(),
    layout: z.string().nullish(),
    record_on_start: z.boolean(),
    tone_on_entry_and_exit: z.boolean(),
    room_join_video_off: z.boolean(),
    user_join_video_off: z.boolean(),
    locked: z.boolean(),
    start_time: instant.nullish(),
    end_time: instant.nullish(),
    duration: z.int().nonnegative().nullish(),
    status: z.string().nullish(),
    created_at: instant,
    updated_at: instant,
    preview_url: z.string().nullish(),
    prioritize_handraise: z.boolean().nullish(),
    sync_audio_video: z.boolean().nullish()
  })

/** Times stay text. */
export const withText = make(z.string())

/** Times are checked and become dates, which is what ours does. */
export const withDates = make(z.iso.datetime().transform(text => new Date(text)))
