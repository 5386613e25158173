/** The published command, apart from its version. */
import { main } from "./main.ts"
import { runRoomSession } from "./run.ts"
import * as spaceTarget from "./spaceTarget.ts"

export const runCommand = (args: ReadonlyArray<string>): void => main(runRoomSession(args, spaceTarget.layer))
