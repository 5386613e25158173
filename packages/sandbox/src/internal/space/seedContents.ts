/** The members, recordings and events of the seeds. */
import type { RoomSession } from "@effect-signalwire/core"
import { seeds } from "../../seeds.ts"
import * as contents from "./contents.ts"

const [designReview, standUp, webinar, adHocCall, booked, missed] = seeds

/** More than the 50 items of a page that is not given a size. Every seventh attendee leaves after a minute. */
const attendees = Array.from({ length: 60 }, (_, index): contents.Stay => ({
  name: `Attendee ${index + 1}`,
  joins: index * 11,
  leaves: index % 7 === 6 ? index * 11 + 60 : null
}))

interface Story {
  readonly session: RoomSession.RoomSessionSummary
  readonly stays?: ReadonlyArray<contents.Stay>
  readonly takes?: ReadonlyArray<contents.Take>
}

const stories: ReadonlyArray<Story> = [
  {
    session: designReview,
    stays: [
      { name: "Ada", joins: 0, leaves: 2847 },
      { name: "Grace", joins: 53, leaves: 2839 },
      { name: "Edsger", joins: 148, leaves: 1188 },
      // the same person again is another member
      { name: "Edsger", joins: 1498, leaves: 2810 }
    ],
    takes: [{ status: "completed", starts: 1, ends: 1200 }, { status: "completed", starts: 1500, ends: 2847 }]
  },
  {
    session: standUp,
    stays: [
      { name: "Barbara", joins: 0, leaves: 888 },
      { name: "Donald", joins: 12, leaves: 885 },
      { name: "Frances", joins: 97, leaves: 888 }
    ],
    takes: [{ status: "processing", starts: 120, ends: 888 }]
  },
  { session: webinar, stays: attendees, takes: [{ status: "recording", starts: 2, ends: null }] },
  {
    session: adHocCall,
    stays: [{ name: "Ken", joins: 0, leaves: null }, { name: "Dennis", joins: 31, leaves: null }],
    takes: [{ status: "paused", starts: 60, ends: null }]
  },
  { session: booked },
  { session: missed, stays: [{ name: null, joins: null, leaves: null }] }
]

const of = ({ session, stays = [], takes = [] }: Story): contents.Contents => {
  const members = contents.membersOf(session, stays)
  const recordings = contents.recordingsOf(session, takes)
  const events = contents.eventsOf(session, members, recordings)
  // the service of 2021 sent neither of the two fields
  const fields = session === missed ? { enable_room_previews: null, locked_cover: null } : undefined
  return { sessions: [contents.toListed(session, members, fields)], members, recordings, events }
}

export const seedContents: contents.Contents = contents.concat(stories.map(of))
