/** Workers that take turns, so that all are measured under the same load of the machine. */
import type { Drive } from "../commands.ts"
import { type Server, startWorker, type Worker } from "../processes.ts"
import { interleave } from "../statistics.ts"
import type { Subject } from "../subjects.ts"
import type { Options } from "./suite.ts"

/** V8 optimizes functions that are called often. After 6,000 requests, some subjects did not have their final speed yet. */
const warmUp = 20_000

/** Starts a worker for each subject, and makes its first requests. */
export const startWorkers = async (
  subjects: ReadonlyArray<Subject>,
  server: Server,
  { progress, quick }: Options
): Promise<ReadonlyArray<Worker>> => {
  const workers = await Promise.all(subjects.map(subject => startWorker(subject, server)))
  await interleave(1, workers, async worker => {
    progress(`warm-up of ${worker.subject.name}`)
    await worker.drive(quick ? 100 : warmUp, 16)
  })
  return workers
}

export interface Turns {
  readonly inFlight: number
  readonly rounds: number
  readonly options: Options
  /** How long a worker makes requests; a time and not a number of requests, so that the start of many loops has little effect. */
  readonly millis: number
}

/** Measures the requests of each worker in each round. */
export const takeTurns = async (
  workers: ReadonlyArray<Worker>,
  { inFlight, millis: full, options: { progress, quick }, rounds }: Turns,
  add: (subject: Subject, drive: Drive) => void
): Promise<void> => {
  const millis = quick ? 20 : full
  await interleave(quick ? 1 : rounds, workers, async ({ driveFor, subject }, round) => {
    progress(`${inFlight} in flight, round ${round + 1}, ${subject.name}`)
    // the caches of the processor have no data of this process after the other ones have run
    await driveFor(millis / 2, inFlight)
    add(subject, await driveFor(millis, inFlight))
  })
}
