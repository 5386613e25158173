/** The figures of docs/quality.md. Each script writes the part between its own two comments. */
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** Percent with one digit, rounded down, so that 94.99 is no 95. */
export const percent = (part, whole) => (Math.floor((1000 * part) / whole) / 10).toFixed(1)

export const table = (head, rows) =>
  [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]
    .map(cells => `| ${cells.join(" | ")} |`).join("\n")

/**
 * Replaces the part with the name.
 *
 * @param name of the comments `<!-- name -->` and `<!-- /name -->`
 */
export const writeFigures = async (name, text) => {
  const file = `${root}docs/quality.md`
  const [before, after] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const document = await readFile(file, "utf8")
  const [start, end] = [document.indexOf(before) + before.length, document.indexOf(after)]
  if (end < start) throw new Error(`docs/quality.md lacks ${before} and ${after}`)
  await writeFile(file, `${document.slice(0, start)}\n${text}\n${document.slice(end)}`)
}
