/** The published command, without `--version`, which `entry.ts` handles. */
import { main } from "./main.ts"
import { runRoomSession } from "./run.ts"
import * as spaceTarget from "./spaceTarget.ts"

export const runCommand = (args: ReadonlyArray<string>): void => main(runRoomSession(args, spaceTarget.make))
