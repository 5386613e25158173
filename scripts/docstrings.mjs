/**
 * Checks the docstrings of the public modules: each export has `@since` and `@category`, and each `@example` compiles
 * against the sources, all of them in one run of the compiler.
 */
import { spawnSync } from "node:child_process"
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const packages = ["core", "node-runtime", "sandbox"]
const notPublic = /(?:^|\/)(?:internal|endpoints)\/|^(?:bin|main)\.ts$/

/** Inside the package that depends on all that the examples import. */
const outDir = "packages/examples/dist/docstrings"

const publicModules = async () => {
  const folders = packages.map(async name => {
    const folder = `packages/${name}/src`
    const files = await readdir(join(root, folder), { recursive: true })
    return files.filter(file => file.endsWith(".ts") && !notPublic.test(file)).map(file => `${folder}/${file}`)
  })
  return (await Promise.all(folders)).flat().toSorted()
}

const comment = /\/\*\*(?:[^*]|\*(?!\/))*\*\//g
const blank = text => text.replaceAll(/[^\n]/g, " ")
const lineAt = (text, index) => text.slice(0, index).split("\n").length

/** The docstrings of a module, each with the numbers of its first line and of the line after it. */
const docstringsOf = text =>
  Array.from(text.matchAll(comment), ({ 0: doc, index }) => {
    const line = lineAt(text, index)
    return { doc, line, next: line + doc.split("\n").length }
  })

const declaration = /^export (?:declare |abstract )*(?:const|class|function|interface|type) (\w+)/
const namespace = /^export \* as (\w+) from/
const list = /^export (?:type )?\{([^}]*)\}(?: from "(.+)")?/gm

/** The exports of a module, each with the number of its line. The code is formatted: a declaration begins a line. */
const exportsOf = text => {
  const declared = text.split("\n").flatMap((line, index) => {
    const name = (declaration.exec(line) ?? namespace.exec(line))?.[1]
    return name === undefined ? [] : [{ name, line: index + 1, isNamespace: namespace.test(line) }]
  })
  const listed = Array.from(text.matchAll(list), ({ 0: all, 1: names, 2: from, index }) => {
    const start = index + all.indexOf("{") + 1
    return Array.from(names.replaceAll(comment, blank).matchAll(/(?:\w+ as )?(\w+)\s*(?:,|$)/g), found => ({
      name: found[1],
      line: lineAt(text, all.includes("\n") ? start + found.index : index),
      from
    }))
  })
  // the first of several overloads has the docstring
  return [...declared, ...listed.flat()].filter(({ name }, index, all) =>
    all.findIndex(other => other.name === name) === index
  )
}

/** The docstring that ends on the line before; comments of the linter may stand between. */
const docstringAt = (text, line) => {
  const lines = text.split("\n")
  let docLine = line
  while (lines[docLine - 2]?.trimStart().startsWith("//")) docLine--
  return docstringsOf(text).find(({ next }) => next === docLine)?.doc
}

/** What is exported from another module has its docstring at either place. */
const docstringOf = async (path, text, { from, line, name }) => {
  const doc = docstringAt(text, line)
  if (doc !== undefined || from === undefined) return doc ?? ""
  const origin = await readFile(join(root, dirname(path), from), "utf8")
  return docstringAt(origin, exportsOf(origin).find(other => other.name === name)?.line ?? 0) ?? ""
}

const missingTags = async ({ path, text }) => {
  const found = exportsOf(text).map(async exported => {
    const doc = await docstringOf(path, text, exported)
    const missing = (exported.isNamespace ? ["@since"] : ["@since", "@category"]).filter(tag => !doc.includes(tag))
    return doc.includes("@internal") || missing.length === 0
      ? []
      : [`${path}(${exported.line}): ${exported.name} lacks ${missing.join(" and ")}`]
  })
  return (await Promise.all(found)).flat()
}

/** The code of the examples of a module, each with the number of its first line. */
const examplesOf = text =>
  docstringsOf(text).flatMap(({ doc, line }) => {
    const lines = doc.split("\n").map(text => text.replace(/^ *\*(?:\/$| ?)/, ""))
    const start = lines.findIndex(text => text.startsWith("@example")) + 1
    if (start === 0) return []
    const end = lines.findIndex((text, index) => index >= start && /^@\w/.test(text))
    const code = lines.slice(start, end === -1 ? undefined : end).map(text => (text.startsWith("```") ? "" : text))
    return [{ code: code.join("\n"), line: line + start }]
  })

/** On the lines that it has in its source, so that the compiler's messages lead there. */
const writeExample = async (path, { code, line }) => {
  const file = join(root, outDir, `${path}.${line}.ts`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${"\n".repeat(line - 1)}${code}\nexport {}\n`)
}

const compile = async () => {
  const tsconfig = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      composite: false,
      declarationMap: false,
      sourceMap: false,
      noEmit: true,
      noUnusedLocals: false,
      lib: ["ES2023", "DOM"],
      types: ["node"]
    },
    include: ["packages"]
  }
  await writeFile(join(root, outDir, "tsconfig.json"), JSON.stringify(tsconfig))
  const tsc = join(root, "node_modules/.bin/tsc")
  const { status, stdout } = spawnSync(tsc, ["--project", outDir, "--pretty", "false"], { cwd: root, encoding: "utf8" })
  const messages = stdout.trim().replaceAll(`${outDir}/`, "").replaceAll(/\.ts\.\d+\.ts\(/g, ".ts(")
  return status === 0 ? [] : [messages]
}

await rm(join(root, outDir), { recursive: true, force: true })
const modules = await Promise.all(
  (await publicModules()).map(async path => ({ path, text: await readFile(join(root, path), "utf8") }))
)
const examples = modules.flatMap(({ path, text }) => examplesOf(text).map(example => ({ path, example })))
await Promise.all(examples.map(({ example, path }) => writeExample(path, example)))
const problems = [...(await Promise.all(modules.map(missingTags))).flat(), ...await compile()]
if (problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
} else console.log(`${examples.length} examples compile`)
