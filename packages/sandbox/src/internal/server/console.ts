/** The console page: what the sandbox serves at `/`, and its files below `/_sandbox/console/`. There is none yet. */
import * as HttpRouter from "@effect/platform/HttpRouter"
import type { State } from "./state.ts"

export const router = (_state: State): HttpRouter.HttpRouter => HttpRouter.empty
