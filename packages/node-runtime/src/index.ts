/**
 * @since 1.0.0
 */
export * as NodeSignalWire from "./NodeSignalWire.ts"
/**
 * @since 1.0.0
 */
export * as SpaceMap from "./SpaceMap.ts"
/**
 * @since 1.0.0
 */
export * as UndiciHttpClient from "./UndiciHttpClient.ts"
/**
 * @since 1.0.0
 */
export * as UndiciTransport from "./UndiciTransport.ts"
