/**
 * @since 1.0.0
 */
export * as Credentials from "./Credentials.ts"
/**
 * @since 1.0.0
 */
export * as Endpoint from "./Endpoint.ts"
/**
 * @since 1.0.0
 */
export * as RecordingDownload from "./RecordingDownload.ts"
/**
 * @since 1.0.0
 */
export * as RequestPolicy from "./RequestPolicy.ts"
/**
 * @since 1.0.0
 */
export * as RoomSession from "./RoomSession.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessions from "./RoomSessions.ts"
/**
 * @since 1.0.0
 */
export * as SignalWireClient from "./SignalWireClient.ts"
/**
 * @since 1.0.0
 */
export * as SignalWireError from "./SignalWireError.ts"
/**
 * @since 1.0.0
 */
export * as Transport from "./Transport.ts"
/**
 * @since 1.0.0
 */
export * as Page from "./Page.ts"
/**
 * @since 1.0.0
 */
export * as RoomRecording from "./RoomRecording.ts"
/**
 * @since 1.0.0
 */
export * as RoomRecordings from "./RoomRecordings.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionEvent from "./RoomSessionEvent.ts"
/**
 * @since 1.0.0
 */
export * as RoomSessionMember from "./RoomSessionMember.ts"
