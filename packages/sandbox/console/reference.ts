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
