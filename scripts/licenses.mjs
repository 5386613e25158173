/** The licenses of the packages that are copied into the files of a published package. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** What stands between the parts of a file with licenses. */
const separator = `\n${"-".repeat(80)}\n\n`

/**
 * The folders of the packages from which esbuild made bundles, as the metafiles have them.
 *
 * @param {ReadonlyArray<{ readonly inputs: object }>} metafiles
 */
export const bundledFolders = metafiles =>
  [
    ...new Set(
      metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap(input =>
        /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []
      )
    )
  ].toSorted()

/** The name, version, licenses and notices of the package in a folder. A package without the text of a license is an error. */
const licenseOf = async folder => {
  const { license, name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
  const files = (await readdir(folder)).filter(file => /^(?:licen[cs]e|notice)|-bundle\.js\.LICENSE/i.test(file))
  if (!files.some(file => /^licen[cs]e/i.test(file))) throw new Error(`${name} ${version} has no file with its license`)
  const texts = await Promise.all(files.toSorted().map(file => readFile(join(folder, file), "utf8")))
  return `${name} ${version} (${license})\n\n${texts.map(text => `${text.trim()}\n`).join("\n")}`
}

/** @param others files with the licenses of further packages */
export const licensesOf = async (folders, ...others) =>
  [
    ...await Promise.all(folders.map(licenseOf)),
    ...await Promise.all(others.map(file => readFile(file, "utf8")))
  ].join(separator)
