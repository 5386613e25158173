import * as z from "zod"

const make = <DateTime extends z.ZodType>(dateTime: DateTime) =>
  z.object({
    id: z.uuid(),
    room_id: z.uuid().nullish(),
    name: z.string().nullish(),
    display_name: z.string().nullish(),
    max_members: z.int().nullish(),
    quality: z.string().nullish(),
    fps: z.union([z.string(), z.number()]).nullish(),
    join_from: dateTime.nullish(),
    join_until: dateTime.nullish(),
    remove_at: dateTime.nullish(),
    remove_after_seconds_elapsed: z.int().nonnegative().nullish(),
    layout: z.string().nullish(),
    record_on_start: z.boolean(),
    tone_on_entry_and_exit: z.boolean(),
    room_join_video_off: z.boolean(),
    user_join_video_off: z.boolean(),
    locked: z.boolean(),
    start_time: dateTime.nullish(),
    end_time: dateTime.nullish(),
    duration: z.int().nonnegative().nullish(),
    status: z.string().nullish(),
    created_at: dateTime,
    updated_at: dateTime,
    preview_url: z.string().nullish(),
    prioritize_handraise: z.boolean().nullish(),
    sync_audio_video: z.boolean().nullish()
  })

/** Date-times are strings. */
export const withText = make(z.string())

/** Date-times are validated and decode to dates, as in our decoder. */
export const withDates = make(z.iso.datetime().transform(text => new Date(text)))

const pageOf = (session: typeof withText | typeof withDates) =>
  z.object({
    links: z.object({ next: z.string().nullish() }).nullish(),
    data: z.array(session.extend({
      cost_in_dollars: z.union([z.number(), z.string()]).nullish(),
      enable_room_previews: z.boolean().nullish(),
      locked_cover: z.string().nullish()
    }))
  })

export const pageWithText = pageOf(withText)

export const pageWithDates = pageOf(withDates)
