/**
 * Checks the docstrings of the public modules: each export has a text, `@since` and `@category`, each member of an interface
 * or a class has a text, and each `@example` compiles against the sources, all of them in one run of the compiler.
 */
import { spawnSync } from "node:child_process"
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const packages = ["core", "node-runtime", "sandbox"]
const notPublic = /(?:^|\/)(?:internal|endpoints)\/|^bin\.ts$/

/** The last version with an API in JavaScript. */
const ts = createRequire(new URL("../packages/site/package.json", import.meta.url))("typescript")

const parse = async path => ts.createSourceFile(path, await readFile(path, "utf8"), ts.ScriptTarget.Latest, true)

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

/** What is exported, in place of what it is exported as: a statement, its members and, for a list, another module. */
const exportsOf = file =>
  file.statements.flatMap(node => {
    if (ts.isExportAssignment(node)) return [{ name: "default", node }]
    if (ts.isExportDeclaration(node)) {
      const from = node.moduleSpecifier?.text
      if (node.exportClause === undefined) return [{ name: `* of ${from}`, node }]
      if (ts.isNamespaceExport(node.exportClause)) {
        return [{ name: node.exportClause.name.text, node, isNamespace: true }]
      }
      return node.exportClause.elements.map(element => ({
        name: element.name.text,
        // a list in one line has its docstring before the line
        node: element.jsDoc === undefined ? node : element,
        line: element,
        from,
        origin: (element.propertyName ?? element.name).text
      }))
    }
    const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    if (!isExported) return []
    return ts.isVariableStatement(node)
      ? node.declarationList.declarations.map(({ name }) => ({ name: name.getText(file), node }))
      : [{ name: node.name?.text ?? "default", node }]
  }).filter(({ name }, index, all) =>
    // the first of several overloads has the docstring
    all.findIndex(other => other.name === name) === index
  )

const docOf = node => node.jsDoc?.at(-1)
const textOf = doc => ts.getTextOfJSDocComment(doc?.comment)?.trim() ?? ""
const hasTag = (doc, tag) => doc?.tags?.some(({ tagName }) => tagName.text === tag) === true

/** What is exported from another module has its docstring at either place. */
const documented = async (file, { from, line, node, origin }) => {
  if (docOf(node) !== undefined || origin === undefined) return { file, node }
  const local = await (from === undefined ? file : parse(join(dirname(file.fileName), from)))
  const found = exportsOf(local).find(other => other.name === origin)
  if (found !== undefined && found.node !== node) return documented(local, found)
  const declared = local.statements.find(statement => statement.name?.text === origin)
  return { file: local, node: declared ?? line }
}

/** The fields of a call such as `Schema.Class<A>("A")({ ... })`, which may be the argument of another call. */
const schemaFieldsOf = node => {
  if (!ts.isCallExpression(node)) return []
  const isSchema = node.expression.getText().startsWith("Schema.")
  return node.arguments.flatMap(argument =>
    isSchema && ts.isObjectLiteralExpression(argument) ? [...argument.properties] : schemaFieldsOf(argument)
  )
}

/** A class can have members of the base that it extends: the fields of a schema, and those of `Data.TaggedError<{ ... }>`. */
const fieldsOf = node =>
  (node.heritageClauses ?? []).flatMap(({ types }) => types).flatMap(({ expression, typeArguments = [] }) => [
    ...schemaFieldsOf(expression),
    ...typeArguments.filter(ts.isTypeLiteralNode).flatMap(({ members }) => [...members])
  ])

const membersOf = node => {
  if (ts.isInterfaceDeclaration(node)) return [...node.members]
  if (ts.isClassDeclaration(node)) return [...node.members, ...fieldsOf(node)]
  return ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type) ? [...node.type.members] : []
}

/** An override has the docstring of its base, and `message` is that of `Error`. */
const notDocumented = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.OverrideKeyword]

const isPublicMember = ({ modifiers = [], name }) =>
  name !== undefined && name.getText() !== "message" && !ts.isPrivateIdentifier(name) &&
  !ts.isComputedPropertyName(name) &&
  !modifiers.some(({ kind }) => notDocumented.includes(kind))

const problemsOf = async module => {
  const at = (file, node) =>
    `${relative(root, file.fileName)}(${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1})`
  const found = exportsOf(module).map(async exported => {
    const { file, node } = await documented(module, exported)
    const doc = docOf(node)
    if (hasTag(doc, "internal")) return []
    // the module of a namespace has the text
    const tags = exported.isNamespace ? ["since"] : ["since", "category"]
    const missing = [
      ...(exported.isNamespace || textOf(doc) !== "" ? [] : ["a docstring with a text"]),
      ...tags.filter(tag => !hasTag(doc, tag)).map(tag => `@${tag}`)
    ]
    const members = membersOf(node).filter(isPublicMember)
    const undocumented = members.filter((member, index) =>
      members.findIndex(({ name }) => name.getText(file) === member.name.getText(file)) === index &&
      textOf(docOf(member)) === "" && !hasTag(docOf(member), "internal")
    )
    return [
      ...(missing.length === 0
        ? []
        : [`${at(module, exported.node)}: ${exported.name} lacks ${missing.join(" and ")}`]),
      ...undocumented.map(member =>
        `${at(file, member)}: ${exported.name}.${member.name.getText(file)} lacks a docstring with a text`
      )
    ]
  })
  return (await Promise.all(found)).flat()
}

const comment = /\/\*\*(?:[^*]|\*(?!\/))*\*\//g

/** The docstrings of a module, each with the number of its first line. */
const docstringsOf = text =>
  Array.from(text.matchAll(comment), ({ 0: doc, index }) => ({ doc, line: text.slice(0, index).split("\n").length }))

/** The code of the examples of a module, each with the number of its first line. */
const examplesOf = text =>
  docstringsOf(text).flatMap(({ doc, line }) => {
    const lines = doc.split("\n").map(text => text.replace(/^ *\*(?:\/$| ?)/, ""))
    return lines.flatMap((first, index) => {
      if (!first.startsWith("@example")) return []
      const start = index + 1
      const end = lines.findIndex((text, index) => index >= start && /^@\w/.test(text))
      const code = lines.slice(start, end === -1 ? undefined : end).map(text => (text.startsWith("```") ? "" : text))
      return [{ code: code.join("\n"), line: line + start }]
    })
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
    // with the declarations of modules that the sources import, which no import leads to
    include: ["packages", join(root, "packages/*/src/**/*.d.ts")]
  }
  await writeFile(join(root, outDir, "tsconfig.json"), JSON.stringify(tsconfig))
  const tsc = join(root, "node_modules/.bin/tsc")
  const { status, stdout } = spawnSync(tsc, ["--project", outDir, "--pretty", "false"], { cwd: root, encoding: "utf8" })
  const messages = stdout.trim().replaceAll(`${outDir}/`, "").replaceAll(/\.ts\.\d+\.ts\(/g, ".ts(")
  return status === 0 ? [] : [messages]
}

await rm(join(root, outDir), { recursive: true, force: true })
const modules = await Promise.all((await publicModules()).map(path => parse(join(root, path))))
const examples = modules.flatMap(({ fileName, text }) =>
  examplesOf(text).map(example => ({ path: relative(root, fileName), example }))
)
await Promise.all(examples.map(({ example, path }) => writeExample(path, example)))
const problems = [...(await Promise.all(modules.map(problemsOf))).flat(), ...await compile()]
if (problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
} else console.log(`${examples.length} examples compile`)
