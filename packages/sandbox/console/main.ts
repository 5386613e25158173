/** The console page. */
import * as connect from "./connect.ts"
import * as control from "./control.ts"
import * as faults from "./faults.ts"
import * as requests from "./requests.ts"
import * as sessions from "./sessions.ts"

/** In milliseconds. Sessions and faults change without requests too. */
const interval = 1000

const refresh = (): Promise<unknown> => Promise.allSettled([faults.refresh(), sessions.refresh()])

const refreshAgain = async (): Promise<void> => {
  await control.readable()
  if (document.visibilityState === "visible") await refresh()
  setTimeout(refreshAgain, interval)
}

await control.start()
const connection = await control.readFirst<connect.Connection>("/connection.json")
connect.start(connection)
faults.start(connection.operations)
sessions.start(connection)
control.applyAccess()
requests.start(() => void faults.refresh().catch(() => {}))
await refreshAgain()
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && control.isReadable()) void refresh()
})
