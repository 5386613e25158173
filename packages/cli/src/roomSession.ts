import { main } from "./main.ts"
import { runRoomSession } from "./run.ts"
import { space } from "./target.ts"

export const runCommand = (args: ReadonlyArray<string>): void => main(runRoomSession(args, space))
