/** The oldest supported versions of Effect: the minimum versions of the peer ranges. */
export const oldest = { effect: "3.20.0", "@effect/platform": "0.84.6" } as const

/** The other packages that the tests need, in compatible versions. */
export const besideOldest = {
  "@effect/cluster": "0.37.2",
  "@effect/experimental": "0.48.6",
  "@effect/platform-node": "0.84.2",
  "@effect/rpc": "0.61.4",
  "@effect/sql": "0.37.6",
  "@effect/vitest": "0.27.0",
  "@effect/workflow": "0.1.2"
} as const
