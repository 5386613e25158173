/** A page that polls the worker. It has no token, and shows texts of others as text only. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Live sessions</title>
<style>body { font: 1rem/1.5 system-ui; margin: 2rem } .stale { color: gray }</style>
<h1>Live sessions</h1>
<p id="state" role="status">Loading</p>
<ul id="sessions"></ul>
<script type="module">
const state = document.getElementById("state")
const list = document.getElementById("sessions")

const show = sessions => {
  list.replaceChildren(...sessions.map(({ name, startedAt }) => {
    const item = document.createElement("li")
    item.textContent = (name ?? "without a name") + (startedAt === null ? "" : ", since " + startedAt)
    return item
  }))
  list.className = ""
  state.textContent = sessions.length + " in progress"
}

const poll = async () => {
  try {
    const response = await fetch("/sessions")
    if (!response.ok) throw new Error(String(response.status))
    show(await response.json())
  } catch {
    list.className = "stale"
    state.textContent = "Not up to date"
  }
  setTimeout(poll, 5000)
}
poll()
</script>
</html>
`
