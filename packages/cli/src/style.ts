/** Texts with styles of the terminal. */

/** Parameters of SGR, the escape sequence of terminals for styles (ECMA-48). */
const styles = { title: "1", heading: "1;36", active: "1;32", faint: "90", warning: "33" }

/** A text that is not wrapped. It is visible, without leading and trailing spaces. */
export interface Piece {
  readonly text: string
  readonly style?: keyof typeof styles
}

/** Stands for a value that is not set. */
export const dash: Piece = { text: "—", style: "faint" }

export const paint = ({ style, text }: Piece, { color }: { readonly color: boolean }): string =>
  color && style !== undefined ? `\u001b[${styles[style]}m${text}\u001b[0m` : text
