import { type Page, type RoomSession, RoomSessions } from "@effect-signalwire/core"
import { Effect } from "effect"

interface Store<E> {
  /** Saves the sessions of a page, and the token of the next one, in one transaction. */
  readonly save: (page: Page.Page<RoomSession.RoomSession>) => Effect.Effect<void, E>
}

/** Copies all sessions, page by page. After an error, a run with the last saved token continues the copy. */
export const copySessions = <E>(store: Store<E>, resumeFrom?: string | null) =>
  Effect.gen(function*() {
    const sessions = yield* RoomSessions.RoomSessions
    let page = yield* sessions.listPage({ page_size: 1000, resumeFrom })
    yield* store.save(page)
    while (page.next !== null) {
      page = yield* sessions.listPage({ page_size: 1000, resumeFrom: page.next })
      yield* store.save(page)
    }
  })
