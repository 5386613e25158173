/** The figures of docs/quality.md. Each script writes the part between its own two comments. */
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** Percent with one digit, rounded down, so that 94.99 is no 95. */
export const percent = (part, whole) => (Math.floor((1000 * part) / whole) / 10).toFixed(1)

export const table = (head, rows) =>
  [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]
    .map(cells => `| ${cells.join(" | ")} |`).join("\n")

const file = `${root}docs/quality.md`

/** The document, and the positions of the text between the comments `<!-- name -->` and `<!-- /name -->`. */
const find = async name => {
  const [before, after] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const document = await readFile(file, "utf8")
  const [start, end] = [document.indexOf(before) + before.length, document.indexOf(after)]
  if (end < start) throw new Error(`docs/quality.md lacks ${before} and ${after}`)
  return { document, start, end }
}

/** The part between the comments with the name. */
export const figuresOf = async name => {
  const { document, end, start } = await find(name)
  return document.slice(start, end).trim()
}

/** Replaces the part between the comments with the name. */
export const writeFigures = async (name, text) => {
  const { document, end, start } = await find(name)
  await writeFile(file, `${document.slice(0, start)}\n${text}\n${document.slice(end)}`)
}
