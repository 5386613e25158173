/** What `get` with one id does not need, in one file of the bundle: each further file would make the start slower. */
export * as doctor from "./doctor/doctor.ts"
export * as download from "./download.ts"
export * as exportSessions from "./export/exportSessions.ts"
export * as help from "./help.ts"
export * as lists from "./lists.ts"
export * as many from "./many.ts"
export * as raw from "./raw.ts"
export * as watch from "./watch/watch.ts"
