/** The sessions of the space, with their members and recordings. */
import type { Connection } from "./connect.ts"
import { act, applyAccess, change, read } from "./control.ts"
import { byId, element, keyedList, setText } from "./dom.ts"

interface Member {
  readonly id: string
  readonly name: string | null
  readonly leave_time: string | null
  readonly duration: number | null
}

interface Recording {
  readonly id: string
  readonly status: string | null
  readonly duration: number | null
}

interface View {
  readonly session: {
    readonly id: string
    readonly name: string | null
    readonly display_name: string | null
    readonly status: string | null
    readonly duration: number | null
    readonly cost_in_dollars: number | null
    readonly quality: string | null
    readonly locked: boolean | null
  }
  readonly members: ReadonlyArray<Member>
  readonly recordings: ReadonlyArray<Recording>
}

/** The sessions of the page, and how many more a press of the button shows. */
const step = 10
/** The limit of the control endpoint. */
const maxLimit = 1000

let limit = step

const isPresent = ({ leave_time }: Member): boolean => leave_time === null
const isInProgress = ({ session }: View): boolean => session.status === "in-progress"

/** Such as `1:02:05` or `0:45`. */
const clock = (seconds: number | null): string => {
  if (seconds === null) return "-"
  const whole = Math.floor(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number): string => String(value).padStart(2, "0")
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

const summaryOf = ({ members, recordings, session }: View): string => {
  const present = members.filter(isPresent).length
  const isRecorded = recordings.some(({ status }) => status === "recording")
  return [
    session.status === "in-progress"
      ? `${present} of ${plural(members.length, "member")}`
      : plural(members.length, "member"),
    ...(isRecorded ? ["recording"] : recordings.length > 0 ? [plural(recordings.length, "recording")] : []),
    ...(session.locked === true ? ["locked"] : []),
    ...(session.quality === null ? [] : [session.quality])
  ].join(", ")
}

const makeLine = () => {
  const name = element("span")
  const detail = element("small")
  return { name, detail, element: element("li", {}, name, detail) }
}

const makeMember = () => {
  const line = makeLine()
  const update = (member: Member): void => {
    setText(line.name, member.name ?? "without a name")
    setText(line.detail, `${isPresent(member) ? "in the room" : "has left"}, ${clock(member.duration)}`)
    line.element.classList.toggle("gone", !isPresent(member))
  }
  return { element: line.element, update }
}

const makeRecording = () => {
  const line = makeLine()
  const update = ({ duration, status }: Recording): void => {
    setText(line.name, status ?? "-")
    setText(line.detail, clock(duration))
  }
  return { element: line.element, update }
}

const action = (label: string, run: () => Promise<boolean>): HTMLButtonElement => {
  const button = element("button", { type: "button", class: "quiet change" }, label)
  button.addEventListener("click", () => {
    act(() => run().then(refresh))
  })
  return button
}

const makeSession = ({ curl, url }: Connection) => ({ session: { id } }: View) => {
  const name = element("b")
  const badge = element("span", { class: "badge" })
  const time = element("span", { class: "number" })
  const summary = element("small")
  const cost = element("span")
  const command = element("pre", {
    id: `curl-${id}`,
    tabindex: "0",
    role: "region",
    "aria-label": `Request of session ${id}`
  })
  const members = element("ul", { class: "people", tabindex: "0", "aria-label": "Members" })
  const recordings = element("ul", { class: "people", "aria-label": "Recordings" })
  const membersTitle = element("h3")
  const recordingsTitle = element("h3", {}, "Recordings")
  const memberName = element("input", {
    class: "change",
    placeholder: "Name",
    "aria-label": "Name of the new member",
    maxlength: "100"
  })
  const actions = element(
    "div",
    { class: "actions" },
    memberName,
    action("Add member", async () => {
      const done = await change("POST", `/sessions/${id}/members`, { name: memberName.value.trim() || null })
      if (done) memberName.value = ""
      return done
    }),
    action("End session", () => change("POST", `/sessions/${id}/end`))
  )
  command.textContent = `${curl} ${url}/api/video/room_sessions/${id}`
  const details = element(
    "details",
    {},
    element("summary", {}, element("span", { class: "name" }, name, summary), badge, time),
    element(
      "div",
      { class: "inside" },
      element("p", { class: "code" }, id),
      element("p", {}, cost),
      actions,
      membersTitle,
      members,
      recordingsTitle,
      recordings,
      element(
        "div",
        { class: "copyable" },
        command,
        element("button", {
          type: "button",
          class: "copy",
          "data-copies": command.id,
          "aria-label": "Copy the request of this session"
        }, "Copy")
      )
    )
  )
  const showMembers = keyedList<Member>(members, ({ id }) => id, makeMember)
  const showRecordings = keyedList<Recording>(recordings, ({ id }) => id, makeRecording)
  const update = (view: View): void => {
    const { session } = view
    setText(name, session.display_name ?? session.name ?? session.id)
    setText(badge, session.status ?? "-")
    badge.dataset["level"] = isInProgress(view) ? "live" : "quiet"
    setText(time, clock(session.duration))
    setText(summary, summaryOf(view))
    setText(cost, `Costs ${session.cost_in_dollars ?? 0} dollars${isInProgress(view) ? " so far" : ""}`)
    setText(membersTitle, plural(view.members.length, "member"))
    actions.hidden = !isInProgress(view)
    members.hidden = membersTitle.hidden = view.members.length === 0
    recordings.hidden = recordingsTitle.hidden = view.recordings.length === 0
    showMembers(view.members.toSorted((one, other) => Number(isPresent(other)) - Number(isPresent(one))))
    showRecordings(view.recordings)
  }
  return { element: element("li", {}, details), update }
}

const more = byId("more-sessions", HTMLButtonElement)

let show: (views: ReadonlyArray<View>) => void = () => {}

export const refresh = async (): Promise<void> => {
  const views = await read<ReadonlyArray<View>>(`/sessions?limit=${limit}`)
  const open = views.filter(isInProgress)
  setText(
    byId("sessions-count", HTMLSpanElement),
    open.length === limit
      ? `the last ${limit} in progress`
      : `${open.length} in progress, ${
        views.length === limit ? `and the last ${limit - open.length} others` : `${views.length} in all`
      }`
  )
  byId("no-sessions", HTMLParagraphElement).hidden = views.length > 0
  more.hidden = views.length < limit || limit >= maxLimit
  show(views)
  applyAccess()
}

export const start = (connection: Connection): void => {
  more.addEventListener("click", () => {
    limit = Math.min(maxLimit, limit + step)
    void refresh()
  })
  show = keyedList<View>(byId("sessions", HTMLUListElement), ({ session }) => session.id, makeSession(connection))
}
