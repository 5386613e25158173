/** Runs a command to its end. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"

/** The folder of the repository. */
export const root = fileURLToPath(new URL("../../../..", import.meta.url))

/** What it prints; fails with all that it has said. */
export const run = (
  command: string,
  args: ReadonlyArray<string>,
  cwd: string,
  env: Readonly<Record<string, string>> = {}
): Promise<string> =>
  new Promise((resolve, reject) => {
    // options of this process, such as a debugger's, are not for its children
    const options = { cwd, env: { ...process.env, NODE_OPTIONS: "", ...env }, maxBuffer: 64 * 1024 * 1024 }
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${command} ${args.join(" ")} in ${cwd}: ${error.code}\n${stdout}\n${stderr}`))
    })
  })

/** The pnpm of this repository, in a folder that may have another. */
export const pnpm = (args: ReadonlyArray<string>, cwd: string) => run("npx", ["-y", "pnpm@10.34.8", ...args], cwd)
