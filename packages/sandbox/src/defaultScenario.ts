/** The scenario of `signalwire-sandbox --scenario default`. */
import type { Scenario } from "./internal/scenario/scenario.ts"

/**
 * A scenario of half a minute that repeats: two sessions start, change and are completed, members join and leave, a recording is made,
 * and twice two requests get an error. Something happens every second of the first ten.
 *
 * @since 1.0.0
 * @category scenarios
 */
export const defaultScenario: Scenario = {
  repeat: true,
  steps: [
    {
      at: "0 seconds",
      do: "start",
      session: "kick-off",
      fields: { display_name: "Project kick-off", quality: "1080p", fps: 30, max_members: 20 }
    },
    { at: "1 second", do: "join", session: "kick-off", member: "Ada" },
    { at: "2 seconds", do: "join", session: "kick-off", member: "Grace" },
    { at: "3 seconds", do: "record", session: "kick-off" },
    { at: "4 seconds", do: "start", session: "support-call", fields: { display_name: "Support call" } },
    { at: "5 seconds", do: "join", session: "support-call", member: "Edsger" },
    { at: "6 seconds", do: "change", session: "kick-off", fields: { layout: "highlight-1-responsive", locked: true } },
    { at: "7 seconds", do: "faults", faults: [{ type: "status", status: 503, retryAfter: "1 second", requests: 2 }] },
    { at: "8 seconds", do: "leave", session: "support-call", member: "Edsger" },
    { at: "9 seconds", do: "end", session: "support-call" },
    { at: "12 seconds", do: "join", session: "kick-off", member: "Barbara" },
    { at: "15 seconds", do: "faults", faults: [{ type: "lognormalLatency", median: "200 millis", sigma: 1 }] },
    { at: "18 seconds", do: "leave", session: "kick-off", member: "Ada" },
    { at: "20 seconds", do: "endRecording", session: "kick-off" },
    { at: "22 seconds", do: "faults", faults: [{ type: "reset", requests: 2 }] },
    { at: "25 seconds", do: "end", session: "kick-off" },
    { at: "30 seconds", do: "faults", faults: [] }
  ]
}
