/** Runs commands. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"

/** The root folder of the repository. */
export const root = fileURLToPath(new URL("../../../..", import.meta.url))

/** Resolves with the standard output, or rejects with the whole output. */
export const run = (
  command: string,
  args: ReadonlyArray<string>,
  cwd: string,
  env: Readonly<Record<string, string>> = {}
): Promise<string> =>
  new Promise((resolve, reject) => {
    // NODE_OPTIONS of this process, such as those of a debugger, are not for its children
    const options = { cwd, env: { ...process.env, NODE_OPTIONS: "", ...env }, maxBuffer: 64 * 1024 * 1024 }
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${command} ${args.join(" ")} in ${cwd}: ${error.code}\n${stdout}\n${stderr}`))
    })
  })

/** Runs the pnpm version of this repository in a folder of another project. */
export const pnpm = (args: ReadonlyArray<string>, cwd: string) => run("npx", ["-y", "pnpm@10.34.8", ...args], cwd)
