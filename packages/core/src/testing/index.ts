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
export * as RoomRecordingArbitrary from "./RoomRecordingArbitrary.ts"
/**
 * @since 1.0.0
 */
export * as RoomRecordingFixture from "./RoomRecordingFixture.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionArbitrary from "./RoomSessionArbitrary.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionEventArbitrary from "./RoomSessionEventArbitrary.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionEventFixture from "./RoomSessionEventFixture.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionFixture from "./RoomSessionFixture.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionMemberArbitrary from "./RoomSessionMemberArbitrary.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionMemberFixture from "./RoomSessionMemberFixture.ts"
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
