/** Wraps texts at words. */
import type * as Array from "effect/Array"
import columns from "string-width"
import type { Piece } from "./style.ts"

/** Wraps pieces into lines. A piece that is wider than a line is not split. */
export const wrap = (pieces: ReadonlyArray<Piece>, width: number): ReadonlyArray<Array.NonEmptyArray<Piece>> => {
  const lines: Array<Array.NonEmptyArray<Piece>> = []
  let used = Infinity
  for (const piece of pieces) {
    const own = columns(piece.text)
    used += 1 + own
    if (used <= width) lines.at(-1)?.push(piece)
    else {
      lines.push([piece])
      used = own
    }
  }
  return lines
}

/** Wraps a line of text; the lines after the first have the indent of the text and two columns more. */
export const wrapLine = (text: string, width: number): string => {
  if (columns(text) <= width) return text
  const indent = /^ */.exec(text)?.[0] ?? ""
  const words = text.trim().split(/ +/).map(text => ({ text }))
  const [first, ...rest] = wrap(words, width - indent.length - 2).map(line => line.map(({ text }) => text).join(" "))
  return [`${indent}${first}`, ...rest.map(line => `${indent}  ${line}`)].join("\n")
}

/** Wraps each line of a text. */
export const wrapText = (text: string, width: number): string =>
  text.split("\n").map(line => wrapLine(line, width)).join("\n")
