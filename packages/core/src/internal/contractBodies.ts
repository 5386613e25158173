/** What the contract says about each failure that it declares, and the body that it has. The client needs neither. */
import type { contractFailures } from "./operations.ts"

export const contractBodies = {
  400: { error: "Bad Request", description: "The request cannot be used." },
  401: {
    error: "Unauthorized",
    description: "The credentials are missing or wrong, or the token lacks the Video scope."
  },
  404: { error: "Not Found", description: "No such room session in this project." },
  500: { error: "Internal Server Error", description: "The service failed." }
} as const satisfies Record<keyof typeof contractFailures, { readonly error: string; readonly description: string }>
