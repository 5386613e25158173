/**
 * The reference of the API as Markdown in `api`, one page for each module, from the docstrings of the published packages.
 */
import { readFileSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { Application, Converter, makeRecursiveVisitor, ReflectionKind } from "typedoc"
import { MarkdownPageEvent } from "typedoc-plugin-markdown"

const packages = fileURLToPath(new URL("..", import.meta.url))

/** What the exports of a package.json lead to: the subpaths by the file of `src`. */
const subpathsOf = name => {
  const { exports } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"))
  return new Map(
    Object.entries(exports).flatMap(([subpath, target]) => {
      const source = target?.["@effect-signalwire/source"]
      return source === undefined || source.includes("*")
        ? []
        : [[source, `@effect-signalwire/${name}${subpath.slice(1)}`]]
    })
  )
}

/** The line that imports a module: by its own subpath, or as a namespace of the index of its folder. */
const importOf = ({ children = [], sources }) => {
  const file = sources[0].fullFileName
  const [name] = relative(packages, file).split("/")
  const subpaths = subpathsOf(name)
  const subpathOf = path => subpaths.get(`./${relative(join(packages, name), path)}`)
  const module = basename(file, ".ts")
  const own = subpathOf(file)
  if (own !== undefined) {
    const isMember = children.some(({ name }) => name === module)
    return `import ${isMember ? `{ ${module} }` : `* as ${module}`} from "${own}"`
  }
  const index = subpathOf(join(dirname(file), "index.ts"))
  if (index === undefined) throw new Error(`no subpath leads to ${file}`)
  return `import { ${module} } from "${index}"`
}

/** The docstring of a file, without its tags. TypeDoc itself reads only one with the tag `@module`. */
const descriptionOf = file => {
  const [, comment = ""] = /^\/\*\*([^]*?)\*\//.exec(readFileSync(file, "utf8")) ?? []
  return comment.replaceAll(/^ \* ?/gm, "").replace(/^@[^]*/m, "").trim()
}

/** `core/RoomSessions` for the file core/src/RoomSessions.ts, which is the path of its page too. */
const nameOf = file => relative(packages, file).replace("/src/", "/").replace(/\.ts$/, "")

const fileOf = module => module.sources[0].fullFileName

/** A service is an interface with functions: each becomes a method, with a heading, its parameters and its example. */
const functionsAsMethods = context => {
  for (const property of Object.values(context.project.reflections)) {
    const signatures = property.type?.type === "reflection" ? property.type.declaration.signatures : undefined
    if (property.kind !== ReflectionKind.Property || property.parent.kind !== ReflectionKind.Interface) continue
    if (signatures === undefined) continue
    property.kind = ReflectionKind.Method
    property.signatures = signatures
    for (const signature of signatures) Object.assign(signature, { name: property.name, parent: property })
    signatures[0].comment ??= property.comment
    delete property.comment
    delete property.type
  }
}

/** Constructors and bases of the classes that Schema, Context and HttpApi generate: long types of Effect's own. */
const withoutGenerated = context => {
  for (const reflection of Object.values(context.project.reflections)) {
    delete reflection.inheritedFrom
    delete reflection.overwrites
    if (reflection.kind === ReflectionKind.Class) delete reflection.extendedTypes
    if (reflection.kind === ReflectionKind.Constructor && fileOf(reflection).includes("/node_modules/")) {
      context.project.removeReflection(reflection)
    }
  }
}

/** Names of modules as users import them, and headings in upper case. */
const named = context => {
  for (const module of context.project.children ?? []) {
    module.name = nameOf(fileOf(module))
    for (const category of module.categories ?? []) {
      category.title = category.title[0].toUpperCase() + category.title.slice(1)
    }
  }
}

/** The description of a module and its import, which stand between its title and its first heading. */
const modulePage = ({ contents, model }) => {
  const file = fileOf(model)
  const header = `# ${basename(model.name)}\n\n\`\`\`ts\n${importOf(model)}\n\`\`\`\n\n${descriptionOf(file)}`
  return contents.replace(/^# .*$/m, () => header)
}

/** All modules by the folder of their pages, each with the first sentence of its description. */
const indexPage = ({ model }) => {
  const modules = model.children ?? []
  const folders = new Set(modules.map(({ name }) => dirname(name)))
  const lists = Array.from(folders, folder => {
    const lines = modules.filter(({ name }) => dirname(name) === folder).map(({ name, sources }) => {
      const [sentence] = descriptionOf(sources[0].fullFileName).replaceAll("\n", " ").split(/(?<=\.) /)
      return `- [${basename(name)}](${name}.md): ${sentence}`
    })
    return `## @effect-signalwire/${folder}\n\n${lines.join("\n")}\n`
  })
  return `# API reference\n\nThe public modules of each package, generated from their docstrings.\n\n${
    lists.join("\n")
  }`
}

const withHeader = page => {
  const contents = page.model.kind === ReflectionKind.Module ? modulePage(page) : indexPage(page)
  page.contents = `---\neditLink: false\n---\n\n${contents}`
}

/**
 * Helpers that public declarations refer to, and that no application has to name: the compiler writes them out, as the consumer matrix
 * shows for each public value.
 */
const helpers = new Set([
  // of Endpoint
  "FieldsOf",
  "AllGiven",
  "Endpoint.spec",
  // of RequestPolicy
  "layerOptions",
  // ids of RoomSessions and RoomRecordings, branded or not
  "AnyId",
  // of the testing modules and the sandbox
  "Fields",
  "GetResponse",
  "SpecOf",
  "SessionFields",
  // exported under another path
  "SessionChange",
  "Operation",
  // the parts of ScriptedTransport.Response, which is made by its constructors
  "HttpResponse",
  "ConnectionError"
])

/** Each type that a public declaration refers to is public. TypeDoc itself checks this for the types of one package. */
const checkReferences = app => project => {
  const problems = new Set()
  for (const owner of Object.values(project.reflections)) {
    const visitor = makeRecursiveVisitor({
      reference: type => {
        if (!type.package?.startsWith("@effect-signalwire/")) return
        if (type.reflection !== undefined || type.isIntentionallyBroken() || helpers.has(type.qualifiedName)) return
        problems.add(`${owner.getFullName()} refers to ${type.qualifiedName}, which is not exported`)
      }
    })
    owner.type?.visit(visitor)
    owner.default?.visit?.(visitor)
  }
  for (const problem of problems) app.logger.validationWarning(problem)
}

/** @param {import("typedoc").Application} app */
const plugin = app => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, named)
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, functionsAsMethods, 1000)
  app.converter.on(Converter.EVENT_RESOLVE_END, withoutGenerated, 1000)
  app.converter.on(Converter.EVENT_RESOLVE_END, named, -1000)
  app.on(Application.EVENT_VALIDATE_PROJECT, checkReferences(app))
  app.renderer.on(MarkdownPageEvent.END, withHeader)
}

const columns = { hideDefaults: true, hideInherited: true, hideModifiers: true, hideOverrides: true, hideSources: true }

export default {
  plugin: ["typedoc-plugin-markdown", plugin],
  tsconfig: "tsconfig.api.json",
  entryPoints: [
    "../core/src/*.ts",
    "../core/src/testing/*.ts",
    "../node-runtime/src/*.ts",
    "../sandbox/src/{SandboxSpace,main}.ts"
  ],
  exclude: ["**/index.ts"],
  out: "api",
  router: "module",
  entryFileName: "index",
  name: "API reference",
  readme: "none",
  treatWarningsAsErrors: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  categorizeByGroup: false,
  sort: ["source-order"],
  notRenderedTags: ["@category", "@since"],
  disableGit: true,
  basePath: packages,
  sourceLinkTemplate: "https://github.com/effect-signalwire/effect-signalwire/blob/main/packages/{path}#L{line}",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  sanitizeComments: true,
  useHTMLEncodedBrackets: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  propertyMembersFormat: "table",
  typeAliasPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  tableColumnSettings: columns
}
