/** What `SignalWireClient.withTransform` and `withResponseInfo` set for the calls of the wrapped effect. */
import type * as HttpClient from "@effect/platform/HttpClient"
import type { RuntimeFiber } from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import { globalValue } from "effect/GlobalValue"
import type { Cell } from "./responseInfo.ts"

export type Transform = (client: HttpClient.HttpClient) => HttpClient.HttpClient

export const currentTransform: FiberRef.FiberRef<Transform | undefined> = globalValue(
  Symbol.for("@effect-signalwire/core/SignalWireClient/currentTransform"),
  () => FiberRef.unsafeMake<Transform | undefined>(undefined)
)

export const currentCell: FiberRef.FiberRef<Cell | undefined> = globalValue(
  Symbol.for("@effect-signalwire/core/SignalWireClient/currentCell"),
  () => FiberRef.unsafeMake<Cell | undefined>(undefined)
)

/** Whether the calls of a fiber have a transform. Such a call needs a request of its own, so it shares none. */
export const hasTransform = (fiber: RuntimeFiber<unknown, unknown>): boolean =>
  fiber.getFiberRef(currentTransform) !== undefined
