import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { type Entry, Queue } from "../../../src/internal/pool/queue.ts"

class Item implements Entry<Item> {
  previous: Item | undefined
  next: Item | undefined
}

const drain = (queue: Queue<Item>): ReadonlyArray<Item> => {
  const served: Array<Item> = []
  while (queue.first !== undefined) {
    served.push(queue.first)
    queue.remove(queue.first)
  }
  return served
}

describe("Queue", () => {
  it("the queue behaves as an array, whatever is enqueued and removed", () => {
    const steps = FastCheck.array(FastCheck.option(FastCheck.oneof(FastCheck.nat(12), FastCheck.constant("first"))), {
      maxLength: 60
    })
    FastCheck.assert(FastCheck.property(steps, steps => {
      const all = Array.from({ length: 13 }, () => new Item())
      const queue = new Queue<Item>()
      let model: ReadonlyArray<Item> = []
      for (const step of steps) {
        const member = all.find(candidate => !model.includes(candidate))
        const removed = typeof step === "number" ? all[step] : undefined
        if (removed !== undefined) {
          queue.remove(removed)
          model = model.filter(member => member !== removed)
        } else if (member !== undefined && step === "first") {
          queue.enqueueFirst(member)
          model = [member, ...model]
        } else if (member !== undefined) {
          queue.enqueue(member)
          model = [...model, member]
        }
        assert.strictEqual(queue.first, model[0])
      }
      const served = drain(queue)
      assert.strictEqual(served.length, model.length)
      assert.isTrue(served.every((member, index) => member === model[index]))
      // a removed entry refers to no other one, so that it keeps none in memory
      assert.isTrue(all.every(member => member.previous === undefined && member.next === undefined))
    }))
  })
})
