import { assert, describe, it } from "@effect/vitest"
import { transform } from "esbuild"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const filesOf = (directory: string, extension: string): ReadonlyArray<string> =>
  readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
    .filter(name => name.endsWith(extension))
    .map(name => join(directory, name))

const readmes = readdirSync(join(root, "packages"))
  .map(name => join("packages", name, "README.md"))
  .filter(path => existsSync(join(root, path)))
const documents = ["README.md", ...readmes, ...filesOf("docs", ".md")]
const examples = [...filesOf("packages/examples/src", ".ts"), ...filesOf("packages/examples/test", ".ts")]
  .map(name => readFileSync(join(root, name), "utf8"))

interface Block {
  readonly isTypeScript: boolean
  readonly line: number
  readonly code: string
  /** From `<!-- not checked: reason -->` before the block. */
  readonly reason: string | undefined
}

const fence =
  /(?:^<!-- not checked: (?<reason>[^\n]+) -->\n\s*)?^(?<open>```(?<language>ts|tsx|typescript|js|javascript|mjs)\b[^\n]*\n)(?<code>[^]*?)^```$/gm

const blocksOf = (text: string): ReadonlyArray<Block> =>
  Array.from(text.matchAll(fence), match => ({
    isTypeScript: match.groups?.["language"]?.startsWith("t") === true,
    line: text.slice(0, match.index).split("\n").length,
    code: match.groups?.["code"] ?? "",
    reason: match.groups?.["reason"]
  }))

/** Compares whole lines. */
const isPartOf = (code: string) => (file: string): boolean => `\n${file}`.includes(`\n${code}`)

const blocks = documents.flatMap(document =>
  blocksOf(readFileSync(join(root, document), "utf8")).map(block => ({ ...block, document }))
)
const isCompared = ({ isTypeScript, reason }: Block): boolean => isTypeScript && reason === undefined

describe("documents", () => {
  it.each(blocks.filter(isCompared))(
    "the TypeScript in line $line of $document is part of an example that runs",
    ({ code }) => {
      assert.isTrue(
        examples.some(isPartOf(code)),
        `no file of packages/examples has these lines:\n\n${code}\n` +
          "Copy them from an example, or put <!-- not checked: reason --> before the block.\n"
      )
    }
  )

  it.each(blocks.filter(block => !isCompared(block)))(
    "the code in line $line of $document can be parsed",
    async ({ code, document, isTypeScript, line }) => {
      // the lines before it make the error have the line of the document
      const source = "\n".repeat(line) + code
      const problem = await transform(source, { loader: isTypeScript ? "ts" : "js", sourcefile: document })
        .then(() => "none", (error: Error) => error.message)
      assert.strictEqual(problem, "none")
    }
  )
})
