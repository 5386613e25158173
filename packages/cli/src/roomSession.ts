/** The published command, without `--version`, which `entry.ts` handles. */
import { main } from "./main.ts"
import { runRoomSession } from "./run.ts"
import * as spaceTarget from "./spaceTarget.ts"

export const runCommand = async (args: ReadonlyArray<string>): Promise<void> => {
  if (args[0] !== "sandbox") return main(runRoomSession(args, spaceTarget.make))
  // the command of the sandbox reads the arguments of the process
  process.argv.splice(2, 1)
  await import("@effect-signalwire/sandbox/bin")
}
