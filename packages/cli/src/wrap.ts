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

/** A number is not separated from its unit. */
const wordsOf = (text: string): ReadonlyArray<Piece> =>
  text.match(/\d+ (?:ms|s)\b\S*|[^ ]+/g)?.map(text => ({ text })) ?? []

/**
 * Wraps a line of text; the lines after the first have the indent of the text.
 *
 * @param hanging how many columns more they have
 */
export const wrapLine = (text: string, width: number, hanging = 2): string => {
  if (columns(text) <= width) return text
  const indent = /^ */.exec(text)?.[0] ?? ""
  const lines = wrap(wordsOf(text), width - indent.length - hanging).map(line => line.map(({ text }) => text).join(" "))
  return lines.map((line, i) => `${indent}${i === 0 ? "" : " ".repeat(hanging)}${line}`).join("\n")
}

/** Wraps each line of a text. */
export const wrapText = (text: string, width: number): string =>
  text.split("\n").map(line => wrapLine(line, width)).join("\n")
