import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { type Waiting, WaitingLine } from "../../src/internal/waitingLine.ts"

class Member implements Waiting<Member> {
  ahead: Member | undefined
  behind: Member | undefined
}

const drain = (line: WaitingLine<Member>): ReadonlyArray<Member> => {
  const served: Array<Member> = []
  while (line.first !== undefined) {
    served.push(line.first)
    line.leave(line.first)
  }
  return served
}

describe("WaitingLine", () => {
  it("is an array, whoever joins and leaves", () => {
    const steps = FastCheck.array(FastCheck.option(FastCheck.nat(12)), { maxLength: 60 })
    FastCheck.assert(FastCheck.property(steps, steps => {
      const everybody = Array.from({ length: 13 }, () => new Member())
      const line = new WaitingLine<Member>()
      let model: ReadonlyArray<Member> = []
      for (const step of steps) {
        const next = everybody.find(member => !model.includes(member))
        const leaver = step === null ? undefined : everybody[step]
        if (leaver !== undefined) {
          line.leave(leaver)
          model = model.filter(member => member !== leaver)
        } else if (next !== undefined) {
          line.join(next)
          model = [...model, next]
        }
        assert.strictEqual(line.length, model.length)
        assert.strictEqual(line.first, model[0])
      }
      const served = drain(line)
      assert.strictEqual(served.length, model.length)
      assert.isTrue(served.every((member, index) => member === model[index]))
      assert.strictEqual(line.length, 0)
      // who left keeps nobody in memory
      assert.isTrue(everybody.every(member => member.ahead === undefined && member.behind === undefined))
    }))
  })
})
