/** The control endpoint, and the token that it needs for changes, and on other machines for everything. */
import { announce, byId, setText } from "./dom.ts"
import { authorization, store, stored } from "./token.ts"

const root = "/_sandbox"

/** The token that the sandbox has accepted. */
let token: string | undefined

/** Whether the sandbox has rejected a request that only reads. */
let isLocked = false

const tokens = new EventTarget()

const nextToken = (): Promise<void> =>
  new Promise(resolve => {
    tokens.addEventListener("accepted", () => resolve(), { once: true })
  })

const setLocked = (locked: boolean): void => {
  isLocked = locked
  document.body.classList.toggle("locked", locked)
  setText(
    byId("token-label", HTMLLabelElement),
    locked
      ? "Other machines can reach this sandbox. Its console needs the token of the control endpoint, which the sandbox printed:"
      : "Faults and sessions can be seen, not changed. The token of the control endpoint, which the sandbox printed, allows changes:"
  )
}

/** The response to a request that reads, when it is a success. */
export const open = async (path: string): Promise<Response> => {
  const response = await fetch(root + path, { headers: authorization(token) })
  if (response.status === 401) {
    setToken(undefined)
    setLocked(true)
  }
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response
}

export const read = async <A>(path: string): Promise<A> => {
  const response = await open(path)
  // the shapes are those of the control endpoint, which is of the same version
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return await response.json() as A
}

/** Whether reading is possible, as far as is known. */
export const isReadable = (): boolean => !isLocked

/** Waits for a token while reading needs one. */
export const readable = async (): Promise<void> => {
  if (isLocked) await nextToken()
}

/** Reads what the page needs in any case, as soon as that is possible. */
export const readFirst = async <A>(path: string): Promise<A> => {
  try {
    return await read<A>(path)
  } catch (error) {
    if (!isLocked) throw error
    await readable()
    return readFirst(path)
  }
}

const send = (method: string, path: string, body: unknown, bearer: string): Promise<Response> =>
  fetch(root + path, {
    method,
    headers: {
      ...authorization(bearer),
      ...(body === undefined ? {} : { "content-type": "application/json" })
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })

const setToken = (accepted: string | undefined): void => {
  token = accepted
  store(accepted)
  byId("token", HTMLFormElement).hidden = accepted !== undefined
  document.body.classList.toggle("read-only", accepted === undefined)
  if (accepted !== undefined) {
    setLocked(false)
    tokens.dispatchEvent(new Event("accepted"))
  }
  applyAccess()
}

/** Disables what changes the sandbox while there is no token. */
export const applyAccess = (): void => {
  for (
    const control of document.querySelectorAll<HTMLButtonElement | HTMLInputElement | HTMLSelectElement>(".change")
  ) {
    control.disabled = token === undefined
  }
}

/** Runs what a control of the page does, and says so when the sandbox has ended. */
export const act = (run: () => Promise<unknown>): void => {
  run().catch(() => announce("The sandbox does not respond."))
}

/** Changes the sandbox. Returns whether it did; if not, it says why. */
export const change = async (method: string, path: string, body?: unknown): Promise<boolean> => {
  if (token === undefined) return false
  try {
    const response = await send(method, path, body, token)
    if (response.ok) return true
    // the sandbox was started again, and has another token
    if (response.status === 401) setToken(undefined)
    announce(response.status === 401 ? "The sandbox has another token now." : await response.text())
  } catch {
    announce("The sandbox does not respond.")
  }
  return false
}

/** Adds no responses, so it changes nothing. Only a token that the sandbox accepts is stored. */
const verify = async (candidate: string): Promise<boolean> => {
  // a header has no other characters
  if (!/^[\x21-\x7e]+$/.test(candidate)) return false
  const { ok } = await send("POST", "/responses", [], candidate)
  return ok
}

/** The token of the fragment, which is removed from the address. */
const takeFragment = (): string | undefined => {
  const given = new URLSearchParams(location.hash.slice(1)).get("token")
  if (given === null) return undefined
  history.replaceState(null, "", location.pathname)
  return given
}

export const start = async (): Promise<void> => {
  const form = byId("token", HTMLFormElement)
  const input = byId("token-input", HTMLInputElement)
  const error = byId("token-error", HTMLParagraphElement)
  form.addEventListener("submit", event => {
    event.preventDefault()
    const candidate = input.value.trim()
    input.value = ""
    void verify(candidate).then(accepted => {
      error.textContent = accepted ? "" : "This is not the token of this sandbox."
      if (!accepted) return input.focus()
      setToken(candidate)
      announce("Changes are allowed.")
      byId("faults-title", HTMLHeadingElement).scrollIntoView({ block: "nearest" })
      byId("operation", HTMLSelectElement).focus()
    })
  })
  const adopt = async (): Promise<void> => {
    const known = takeFragment() ?? stored()
    setToken(known !== null && await verify(known) ? known : undefined)
  }
  // an address with a token, in a tab that shows the console already
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#token=")) void adopt()
  })
  await adopt()
}
