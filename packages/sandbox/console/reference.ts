/** The page of an OpenAPI document, by Swagger UI. */
import { byId } from "./dom.ts"
import { authorization, stored } from "./token.ts"

interface SwaggerUi {
  (options: Readonly<Record<string, unknown>>): unknown
}

declare const SwaggerUIBundle: SwaggerUi

const documents = [
  { name: "video", title: "SignalWire Video", url: "/_sandbox/video.json" },
  { name: "control", title: "Control endpoint", url: "/_sandbox/openapi.json" }
] as const

const requested = new URLSearchParams(location.search).get("document")
const shown = documents.find(({ name }) => name === requested) ?? documents[0]

document.title = `${shown.title} - SignalWire sandbox`
document.querySelector(`nav a[href$="=${shown.name}"]`)?.setAttribute("aria-current", "page")

const dark = matchMedia("(prefers-color-scheme: dark)")
const applyScheme = (): void => {
  document.documentElement.classList.toggle("dark-mode", dark.matches)
}
dark.addEventListener("change", applyScheme)
applyScheme()

/** Swagger UI has no names for its selects, and examples that only a mouse can scroll. */
const complete = (): void => {
  for (const example of document.querySelectorAll<HTMLElement>(".microlight:not([tabindex])")) example.tabIndex = 0
  for (const select of document.querySelectorAll(".parameters select:not([aria-label])")) {
    const name = select.closest("[data-param-name]")?.getAttribute("data-param-name")
    select.setAttribute("aria-label", name ?? "Value")
  }
}
new MutationObserver(complete).observe(byId("reference", HTMLDivElement), { childList: true, subtree: true })

const response = await fetch(shown.url, { headers: authorization(stored()) })
if (response.ok) {
  SwaggerUIBundle({
    spec: await response.json(),
    dom_id: "#reference",
    defaultModelsExpandDepth: 0,
    // a page to read: it sends no requests, so it asks for no tokens
    supportedSubmitMethods: [],
    plugins: [() => ({ wrapComponents: { authorizeBtn: () => () => null, authorizeOperationBtn: () => () => null } })],
    // no request to a validator on the internet
    validatorUrl: null
  })
} else {
  byId("unavailable", HTMLParagraphElement).hidden = false
}
