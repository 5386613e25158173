/**
 * @since 1.0.0
 */
export * as CallJournal from "./CallJournal.ts"
/**
 * @since 1.0.0
 */
export * as ErrorFixture from "./ErrorFixture.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionArbitrary from "./RoomSessionArbitrary.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionFixture from "./RoomSessionFixture.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionsTest from "./RoomSessionsTest.ts"
/**
 * @since 1.0.0
 */
export * as Script from "./Script.ts"
/**
 * @since 1.0.0
 */
export * as ScriptedTransport from "./ScriptedTransport.ts"
