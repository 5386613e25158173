/** Mermaid as a script of the site, which is loaded when the first diagram is drawn. A bundle of its modules would take longer than the rest. */
import url from "@mermaid-js/tiny/dist/mermaid.tiny.js?url"

interface Mermaid {
  readonly initialize: (config: { readonly [option: string]: unknown }) => void
  readonly render: (id: string, code: string) => Promise<{ readonly svg: string }>
}

declare global {
  var mermaid: Mermaid | undefined
}

export const load = (): Promise<Mermaid> =>
  new Promise((resolve, reject) => {
    if (globalThis.mermaid !== undefined) return resolve(globalThis.mermaid)
    const script = Object.assign(document.createElement("script"), { src: url })
    script.addEventListener("load", () => globalThis.mermaid && resolve(globalThis.mermaid))
    script.addEventListener("error", reject)
    document.head.append(script)
  })
