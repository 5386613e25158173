/** Elements of the page. Text is set as text only, since it comes from requests and sessions. */

/** The element with an id, which the document has. */
export const byId = <E extends HTMLElement>(id: string, type: { new(): E }): E => {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}`)
  return found
}

type Attributes = Readonly<Record<string, string>>

export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/** Changes the text only where it differs, so that a selection is kept. */
export const setText = (node: Node, text: string): void => {
  if (node.textContent !== text) node.textContent = text
}

/**
 * Shows an element for each item, in this order. Elements are kept by key, with their focus and what is open in them.
 *
 * @param make makes an element, and returns what updates it
 */
export const keyedList = <A>(
  parent: HTMLElement,
  keyOf: (item: A) => string,
  make: (item: A) => { readonly element: HTMLElement; readonly update: (item: A) => void }
) => {
  const shown = new Map<string, ReturnType<typeof make>>()
  return (items: ReadonlyArray<A>): void => {
    const keys = new Set(items.map(keyOf))
    for (const [key, { element }] of shown) {
      if (keys.has(key)) continue
      element.remove()
      shown.delete(key)
    }
    let next = parent.firstElementChild
    for (const item of items) {
      const key = keyOf(item)
      const entry = shown.get(key) ?? make(item)
      shown.set(key, entry)
      entry.update(item)
      if (entry.element === next) next = next.nextElementSibling
      else parent.insertBefore(entry.element, next)
    }
  }
}

/** Says what happened, on the screen and to screen readers. */
export const announce = (() => {
  let timer: number | undefined
  return (text: string): void => {
    const place = byId("announcement", HTMLParagraphElement)
    place.textContent = text
    clearTimeout(timer)
    timer = setTimeout(() => {
      place.textContent = ""
    }, 5000)
  }
})()
