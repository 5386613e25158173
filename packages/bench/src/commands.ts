/** The measurements of a process that has loaded one client. */
import type { HeapProfiler } from "node:inspector"
import { Session } from "node:inspector/promises"
import type { Driver } from "./driver.ts"

export interface Drive {
  /** CPU time of the process, user and system, for each request. */
  readonly cpuMicros: number
  readonly perSecond: number
}

export interface Paced {
  /** The times from when each request was due until it returned, sorted. */
  readonly latencyMillis: ReadonlyArray<number>
}

export interface Memory {
  readonly rssBytes: number
  readonly peakRssBytes: number
}

export interface Commands {
  readonly drive: (total: number, inFlight: number) => Promise<Drive>
  /** Makes requests for a given time. */
  readonly driveFor: (millis: number, inFlight: number) => Promise<Drive>
  readonly pace: (perSecond: number, total: number) => Promise<Paced>
  readonly memory: () => Promise<Memory>
  readonly allocate: (total: number) => Promise<number>
}

const now = () => performance.now()

const driveWhile = async (
  driver: Driver,
  isRunning: (started: number) => boolean,
  inFlight: number
): Promise<Drive> => {
  let total = 0
  const cpu = process.cpuUsage()
  const start = now()
  await driver.drive(() => {
    const starts = isRunning(total)
    if (starts) total++
    return starts
  }, inFlight)
  const { system, user } = process.cpuUsage(cpu)
  return { cpuMicros: (user + system) / total, perSecond: (total / (now() - start)) * 1000 }
}

const drive = (driver: Driver): Commands["drive"] => (total, inFlight) =>
  driveWhile(driver, started => started < total, inFlight)

const driveFor = (driver: Driver): Commands["driveFor"] => (millis, inFlight) => {
  const end = now() + millis
  // each loop has a request, also on a busy machine
  return driveWhile(driver, started => started < inFlight || now() < end, inFlight)
}

/**
 * An open loop: a request starts when it is due, even while earlier ones are in progress, and its latency is measured from then.
 * The loop does not sleep, since timers fire up to a millisecond late.
 */
const pace = (driver: Driver): Commands["pace"] => (perSecond, total) =>
  new Promise((resolve, reject) => {
    const latencyMillis: Array<number> = []
    const begin = now()
    let started = 0
    const tick = () => {
      while (started < total && now() >= begin + (started * 1000) / perSecond) {
        const due = begin + (started++ * 1000) / perSecond
        driver.once().then(() => {
          latencyMillis.push(now() - due)
          if (latencyMillis.length === total) resolve({ latencyMillis: latencyMillis.toSorted((a, b) => a - b) })
        }, reject)
      }
      if (started < total) setImmediate(tick)
    }
    tick()
  })

/** The heap and what it refers to outside. V8 discards code that was not called between several full collections. */
export const heapBytes = async (): Promise<number> => {
  for (let i = 0; i < 5; i++) {
    // oxlint-disable-next-line no-await-in-loop -- fibers and sockets proceed in between
    await new Promise(resolve => setTimeout(resolve, 20))
    globalThis.gc?.()
  }
  const { external, heapUsed } = process.memoryUsage()
  return heapUsed + external
}

const memory: Commands["memory"] = async () => {
  globalThis.gc?.()
  return { rssBytes: process.memoryUsage.rss(), peakRssBytes: process.resourceUsage().maxRSS * 1024 }
}

const sizeOf = ({ children, selfSize }: HeapProfiler.SamplingHeapProfileNode): number =>
  children.reduce((sum, child) => sum + sizeOf(child), selfSize)

/**
 * Bytes that V8 allocates for each request, by its sampling heap profiler, which needs neither flags nor a process of its own. Its estimate is
 * within 2 % of the exact sum of `allocated=` in the lines of `--trace-gc-nvp`.
 */
const allocate = (driver: Driver): Commands["allocate"] => async total => {
  const session = new Session()
  session.connect()
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true
  })
  await drive(driver)(total, 16)
  const { profile } = await session.post("HeapProfiler.stopSampling")
  session.disconnect()
  return sizeOf(profile.head) / total
}

export const make = (driver: Driver): Commands => ({
  drive: drive(driver),
  driveFor: driveFor(driver),
  pace: pace(driver),
  memory,
  allocate: allocate(driver)
})
