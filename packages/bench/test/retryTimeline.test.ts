/** Draws `docs/images/retries-light.svg` and `retries-dark.svg`: run with `-u` after the defaults of the policy have changed. */
import { assert, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { draw, timelines } from "../src/retryTimeline.ts"

const images = new URL("../../../docs/images/", import.meta.url)

const drawn = await Effect.runPromise(timelines)

describe("the timeline of retries in docs/policy.md", () => {
  it("with the defaults, a service that never responds costs three attempts and 30 seconds", () => {
    const [first] = drawn
    assert.isDefined(first)
    const [, { attempts, settled }] = first
    assert.strictEqual(attempts.length, 3)
    assert.strictEqual(settled, 30_000)
  })

  for (const scheme of ["light", "dark"] as const) {
    it(`retries-${scheme}.svg shows the calls of the client; \`vitest -u\` draws it`, async () => {
      const svg = await draw(scheme, drawn)
      await expect(svg).toMatchFileSnapshot(new URL(`retries-${scheme}.svg`, images).pathname)
    })
  }
})
