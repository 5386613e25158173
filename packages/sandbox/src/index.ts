/**
 * @since 1.0.0
 */
export * as SandboxSpace from "./SandboxSpace.ts"
