/**
 * The clock, the tracer and the other services that a fiber has unless the application replaces them. All copies of Effect of one
 * version share those of the copy that was loaded first, such as that of `require("effect")`; `DefaultServices.liveServices` are those
 * of the own copy, which fibers then do not have.
 */
import { currentServices } from "effect/DefaultServices"
import * as FiberRefs from "effect/FiberRefs"

export const builtInServices = FiberRefs.getOrDefault(FiberRefs.empty(), currentServices)
