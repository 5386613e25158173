/** Time from the start of a process to its end when it only imports modules, and the time of each module. */
import { join } from "node:path"
import { folder, packagesImported } from "../packages.ts"
import { runNode } from "../processes.ts"
import type { Imports } from "../programs/imports.ts"
import { interleave } from "../statistics.ts"
import { compare } from "./compare.ts"
import * as byModule from "./imports.ts"
import type { Suite } from "./suite.ts"

interface Program {
  readonly name: string
  readonly isOurs?: boolean
  readonly cwd?: string
  readonly args: ReadonlyArray<string>
  /** The program that imports the same dependencies without this library. */
  readonly baseline: string
}

const imports = (modules: ReadonlyArray<string>): ReadonlyArray<string> => [
  "--input-type=module",
  "--eval",
  modules.map(module => `import ${JSON.stringify(module)}`).join("\n")
]

const bare = "node by itself"
const forCore = "the Effect modules that core imports"
const forNode = "the same and undici, for node-runtime"

const makePrograms = async (): Promise<ReadonlyArray<Program>> => {
  const needed = await packagesImported(join(folder("core"), "dist/index.js"))
  const neededOnNode = (await packagesImported(join(folder("node-runtime"), "dist/index.js")))
    .filter(name => !name.startsWith("@effect-signalwire/"))
  const command = join(folder("bench"), "dist/command")
  await runNode([join(folder("cli"), "scripts/bundle.mjs"), command])
  return [
    { name: bare, args: ["--eval", ""], baseline: bare },
    { name: forCore, cwd: folder("core"), args: imports(needed), baseline: forCore },
    { name: "core", isOurs: true, cwd: folder("core"), args: imports(["./dist/index.js"]), baseline: forCore },
    {
      name: forNode,
      cwd: folder("node-runtime"),
      args: imports([...new Set([...needed, ...neededOnNode])]),
      baseline: forNode
    },
    {
      name: "node-runtime",
      isOurs: true,
      cwd: folder("node-runtime"),
      args: imports(["./dist/index.js"]),
      baseline: forNode
    },
    {
      name: "room-session --version",
      isOurs: true,
      args: [join(command, "bin.js"), "--version"],
      baseline: bare
    },
    { name: "room-session --help", isOurs: true, args: [join(command, "bin.js"), "--help"], baseline: bare },
    {
      name: "room-session --help, not bundled",
      isOurs: true,
      args: [join(folder("cli"), "dist/bin.js"), "--help"],
      baseline: bare
    }
  ]
}

const importRounds = 21

export const startup: Suite = {
  name: "startup",
  everyNode: false,
  run: async ({ progress, quick }) => {
    progress("startup: bundling the command")
    const programs = await makePrograms()
    const rounds = quick ? 1 : 9
    const measured = compare()
    await interleave(rounds, programs, async ({ args, cwd, name }, round) => {
      progress(`startup: round ${round + 1} of ${rounds}, ${name}`)
      const { millis } = await runNode(args, { cwd })
      measured.add(name, "millis", millis)
    })
    const samples: Array<Imports> = []
    for (let round = 0; round < (quick ? 1 : importRounds); round++) {
      progress(`startup: modules, process ${round + 1}`)
      // oxlint-disable-next-line no-await-in-loop -- measurements must not overlap
      samples.push(await byModule.measure())
    }
    return [{
      title: "Start-up",
      note:
        `Milliseconds of a whole process; ratios to bare node, and to the same imports without this library. Medians of ` +
        `${rounds} rounds in turn.`,
      columns: [{ name: "ms, to node", digits: 0 }, { name: "ms, to its dependencies", digits: 0 }],
      rows: programs.map(({ baseline, isOurs = false, name }) => ({
        name,
        isOurs,
        cells: [measured.cell(name, "millis", bare), measured.cell(name, "millis", baseline)]
      }))
    }, byModule.table(samples)]
  }
}
