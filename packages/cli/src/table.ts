/** Renders items as a table that fits the width of the terminal. */
import type * as DateTime from "effect/DateTime"
import columns from "string-width"
import { paint, type Piece } from "./style.ts"

export interface Options {
  readonly timeZone: DateTime.TimeZone
  /** The width in columns, infinite outside of a terminal. */
  readonly tableWidth: number
  readonly color: boolean
}

export interface Column<A> {
  /** The field that the column shows. */
  readonly field: string
  readonly title: string
  /** The width in columns. Wider texts are shortened. */
  readonly width: number
  /** The width up to which it takes the rest of the line; default: `width`. */
  readonly maxWidth?: number
  /** The columns with the highest rank are dropped first; the column of rank 0 is never dropped. */
  readonly rank: number
  readonly isRight?: boolean
  readonly cell: (item: A, options: Options) => Piece
}

const gap = "  "

const segmenter = new Intl.Segmenter()

/** Shortens a text after a word where it has several words, and never inside of a character. */
export const shorten = (text: string, width: number): string => {
  if (columns(text) <= width) return text
  let short = ""
  let used = 1
  for (const { segment } of segmenter.segment(text)) {
    used += columns(segment)
    if (used > width) break
    short += segment
  }
  const isInsideWord = text[short.length] !== " "
  const end = isInsideWord ? short.lastIndexOf(" ") : short.length
  return `${(end > 0 ? short.slice(0, end) : short).trimEnd()}…`
}

const widthOf = (shown: ReadonlyArray<{ readonly width: number }>): number =>
  shown.reduce((sum, { width }) => sum + gap.length + width, -gap.length)

/** The columns that fit, by rank, in the order of the table. The last one also has what is left of the line. */
const fit = <A>(all: ReadonlyArray<Column<A>>, width: number): ReadonlyArray<Column<A>> => {
  const ranked = all.toSorted((left, right) => left.rank - right.rank)
  const dropped = ranked.findIndex((_, i) => i > 0 && widthOf(ranked.slice(0, i + 1)) > width)
  const shown = new Set(dropped === -1 ? ranked : ranked.slice(0, dropped))
  const kept = all.filter(column => shown.has(column))
  let rest = width - widthOf(kept)
  return kept.map((column, i) => {
    const isLast = i === kept.length - 1 && column.isRight !== true
    const more = isLast ? rest : Math.min(rest, (column.maxWidth ?? column.width) - column.width)
    rest -= more
    return { ...column, width: column.width + more }
  })
}

/** Pads a text except at the end of a line. */
const pad = <A>({ isRight, width }: Column<A>, text: string, isLast: boolean): (painted: string) => string => {
  const blanks = isRight !== true && isLast ? "" : " ".repeat(Math.max(0, width - columns(text)))
  return painted => isRight === true ? blanks + painted : painted + blanks
}

export interface Renderer<A> {
  readonly header: string
  readonly line: (item: A) => string
}

export const make = <A>(all: ReadonlyArray<Column<A>>, options: Options): Renderer<A> => {
  const { tableWidth } = options
  const first = fit(all, tableWidth)
  const others = all.filter(column => !first.some(({ field }) => field === column.field))
  // where no other column fits beside the first one, the others are on a line below it
  const second = first.length === 1 && others.length > 0 ? fit(others, tableWidth - gap.length) : []
  const lineOf = (shown: ReadonlyArray<Column<A>>, pieceOf: (column: Column<A>) => Piece): string =>
    shown.map((column, i) => {
      const { text, ...piece } = pieceOf(column)
      const short = tableWidth === Infinity ? text : shorten(text, column.width)
      return pad(column, short, i === shown.length - 1)(paint({ ...piece, text: short }, options))
    }).join(gap)
  const toLine = (pieceOf: (column: Column<A>) => Piece): string =>
    second.length === 0 ? lineOf(first, pieceOf) : `${lineOf(first, pieceOf)}\n${gap}${lineOf(second, pieceOf)}`
  return {
    header: toLine(({ title }) => ({ text: title, style: "heading" })),
    line: item => toLine(({ cell }) => cell(item, options))
  }
}
