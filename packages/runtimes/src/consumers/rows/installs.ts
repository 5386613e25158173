/** Installs the tarballs by each install command of the documents, by Plug'n'Play of yarn and by Bun. */
import { runtimes } from "../../runtimes/Runtime.ts"
import { scope, tarballs } from "../../tarballs/tarballs.ts"
import { run } from "../../versions/run.ts"
import { expectOutput, type Row } from "../Row.ts"
import { installers, versionOf, yarnPnp } from "../application.ts"
import { type InstallLine, installLines } from "../installLines.ts"
import { environment, expectedOutput, runVariant, writeVariant } from "../programs.ts"

const application = [`${scope}core`, `${scope}node-runtime`, "effect@3", "@effect/platform@0.97"]

const lines = new Map(installLines.map(line => [`${line.manager} ${line.packages.join(" ")}`, line]))

/** The commands of the packages that have them, and what their help begins with. */
const binaries: Readonly<Record<string, string>> = {
  [`${scope}cli`]: "room-session",
  [`${scope}sandbox`]: "signalwire-sandbox"
}

const runBinaries = async (path: string, packages: ReadonlyArray<string>): Promise<void> => {
  for (const name of packages) {
    const binary = binaries[name]
    if (binary === undefined) continue
    // oxlint-disable-next-line no-await-in-loop -- at most two
    const [output, version] = await Promise.all([
      run(`node_modules/.bin/${binary}`, ["--version"], path),
      versionOf(path, name)
    ])
    if (!output.includes(version)) throw new Error(`${binary} --version prints ${output} instead of ${version}`)
  }
}

const documented = ({ manager, packages }: InstallLine) => async (): Promise<void> => {
  const path = await installers[manager](packages)
  if (packages.some(name => /^@?effect/.test(name))) {
    expectOutput((await versionOf(path, "effect")).slice(0, 2), "3.")
  }
  if (packages.includes(`${scope}node-runtime`)) await runVariant(path, "import.mjs", process.execPath)
  await runBinaries(path, packages)
}

const bun = runtimes.find(({ name }) => name === "Bun")?.path

export const installs: ReadonlyArray<Row> = [
  ...Array.from(lines, ([line, installLine]) => ({ name: `install: ${line}`, run: documented(installLine) })),
  {
    name: "install: yarn 4 with Plug'n'Play",
    run: async () => {
      const path = await installers.yarnPnp(application)
      const program = await writeVariant(path, "import.mjs")
      expectOutput(await yarnPnp(["node", program], path, await environment()), expectedOutput)
    }
  },
  {
    name: "install: bun",
    skip: bun === undefined ? "Bun is not installed" : undefined,
    run: async () => runVariant(await installers.bun(application), "import.mjs", process.execPath)
  },
  {
    name: "install: the tarballs need each other in the versions that they have",
    run: async () => {
      const names = tarballs.map(({ name }) => name)
      const path = await installers.npm(names)
      const versions = await Promise.all(names.map(name => versionOf(path, name)))
      expectOutput(Array.from(new Set(versions)).join(", "), String(versions[0]))
      await run("npm", ["ls", "--all", "--omit=optional"], path)
    }
  }
]
