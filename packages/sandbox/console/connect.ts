/** What a program needs to use the sandbox, to copy. */
import { announce, byId, setText } from "./dom.ts"

export interface Connection {
  readonly url: string
  /** The lines of a shell that set the environment. */
  readonly environment: string
  /** The command with its options, without an address. */
  readonly curl: string
  readonly hasCertificate: boolean
  readonly operations: ReadonlyArray<string>
}

const copy = async (id: string): Promise<void> => {
  const source = document.getElementById(id)
  if (source === null) return
  try {
    await navigator.clipboard.writeText(source.textContent)
    announce("Copied")
  } catch {
    // a page without TLS has no clipboard, except on this machine
    getSelection()?.selectAllChildren(source)
    announce("Selected, to be copied with the keyboard")
  }
}

export const start = ({ curl, environment, hasCertificate, url }: Connection): void => {
  const list = `${curl} ${url}/api/video/room_sessions`
  setText(byId("address", HTMLParagraphElement), url)
  setText(byId("environment", HTMLPreElement), environment)
  setText(byId("curl", HTMLPreElement), list)
  setText(byId("first-curl", HTMLPreElement), list)
  byId("certificate", HTMLParagraphElement).hidden = !hasCertificate
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    const id = target.dataset["copies"]
    if (id !== undefined) void copy(id)
  })
}
