/**
 * The vendor's OpenAPI 3.1 document of room sessions and room recordings: its facts, without its prose and its examples. The vendor
 * makes it from https://github.com/signalwire/docs/tree/main/specs/signalwire-rest/video-api.
 */
export const roomSessions = {
  openapi: "3.1.0",
  security: [{ SignalWireBasicAuth: [] }],
  paths: {
    "/api/video/room_sessions": {
      get: {
        operationId: "list_room_sessions",
        parameters: [
          { $ref: "#/components/parameters/Video.ListRoomSessionsRequest.room_id" },
          { $ref: "#/components/parameters/Video.ListRoomSessionsRequest.room_name" },
          { $ref: "#/components/parameters/Video.ListRoomSessionsRequest.room_name_matches" },
          { $ref: "#/components/parameters/Video.ListRoomSessionsRequest.status" },
          { $ref: "#/components/parameters/Video.ListRoomSessionsRequest.page_number" },
          { $ref: "#/components/parameters/Video.ListRoomSessionsRequest.page_size" },
          { $ref: "#/components/parameters/Video.ListRoomSessionsRequest.page_token" }
        ],
        responses: {
          "200": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Video.ListRoomSessionsResponse" } }
            }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "422": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.VideoStatusCode422" } } }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Sessions"]
      }
    },
    "/api/video/room_sessions/{id}": {
      get: {
        operationId: "get_room_session",
        parameters: [{ $ref: "#/components/parameters/Video.RoomSessionPathID" }],
        responses: {
          "200": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.RoomSessionSummary" } } }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "404": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode404" } }
            }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Sessions"]
      }
    },
    "/api/video/room_sessions/{id}/members": {
      get: {
        operationId: "list_room_session_members",
        parameters: [
          { $ref: "#/components/parameters/Video.RoomSessionPathID" },
          { $ref: "#/components/parameters/Video.ListRoomSessionMembersRequest.page_number" },
          { $ref: "#/components/parameters/Video.ListRoomSessionMembersRequest.page_size" },
          { $ref: "#/components/parameters/Video.ListRoomSessionMembersRequest.page_token" }
        ],
        responses: {
          "200": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Video.ListRoomSessionMembersResponse" } }
            }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "422": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.VideoStatusCode422" } } }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Sessions"]
      }
    },
    "/api/video/room_sessions/{id}/events": {
      get: {
        operationId: "list_room_session_events",
        parameters: [
          { $ref: "#/components/parameters/Video.RoomSessionPathID" },
          { $ref: "#/components/parameters/Video.ListRoomSessionEventsRequest.page_number" },
          { $ref: "#/components/parameters/Video.ListRoomSessionEventsRequest.page_size" },
          { $ref: "#/components/parameters/Video.ListRoomSessionEventsRequest.page_token" }
        ],
        responses: {
          "200": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Video.ListRoomSessionEventsResponse" } }
            }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "422": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.VideoStatusCode422" } } }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Sessions"]
      }
    },
    "/api/video/room_sessions/{id}/recordings": {
      get: {
        operationId: "list_room_session_recordings",
        parameters: [
          { $ref: "#/components/parameters/Video.RoomSessionPathID" },
          { $ref: "#/components/parameters/Video.ListRoomSessionRecordingsRequest.media_ttl" },
          { $ref: "#/components/parameters/Video.ListRoomSessionRecordingsRequest.page_number" },
          { $ref: "#/components/parameters/Video.ListRoomSessionRecordingsRequest.page_size" },
          { $ref: "#/components/parameters/Video.ListRoomSessionRecordingsRequest.page_token" }
        ],
        responses: {
          "200": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Video.ListRoomSessionRecordingsResponse" } }
            }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "422": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.VideoStatusCode422" } } }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Sessions"]
      }
    },
    "/api/video/room_recordings": {
      get: {
        operationId: "list_room_recordings",
        parameters: [
          { $ref: "#/components/parameters/Video.ListRoomRecordingsRequest.media_ttl" },
          { $ref: "#/components/parameters/Video.ListRoomRecordingsRequest.page_number" },
          { $ref: "#/components/parameters/Video.ListRoomRecordingsRequest.page_size" },
          { $ref: "#/components/parameters/Video.ListRoomRecordingsRequest.page_token" }
        ],
        responses: {
          "200": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Video.ListRoomRecordingsResponse" } }
            }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "422": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.VideoStatusCode422" } } }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Recordings"]
      }
    },
    "/api/video/room_recordings/{id}": {
      get: {
        operationId: "get_room_recording",
        parameters: [
          { $ref: "#/components/parameters/Video.RoomRecordingPathID" },
          {
            name: "media_ttl",
            in: "query",
            required: false,
            schema: { type: "integer", format: "int32", minimum: 0 },
            explode: false
          }
        ],
        responses: {
          "200": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.RoomRecording" } } }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "404": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode404" } }
            }
          },
          "422": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.VideoStatusCode422" } } }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Recordings"]
      }
    },
    "/api/video/room_recordings/{id}/events": {
      get: {
        operationId: "list_room_recording_events",
        parameters: [
          { $ref: "#/components/parameters/Video.RoomRecordingPathID" },
          { $ref: "#/components/parameters/Video.ListRoomRecordingEventsRequest.page_number" },
          { $ref: "#/components/parameters/Video.ListRoomRecordingEventsRequest.page_size" },
          { $ref: "#/components/parameters/Video.ListRoomRecordingEventsRequest.page_token" }
        ],
        responses: {
          "200": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Video.ListRoomRecordingEventsResponse" } }
            }
          },
          "400": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode400" } }
            }
          },
          "401": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode401" } }
            }
          },
          "422": {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Video.VideoStatusCode422" } } }
          },
          "500": {
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Types.StatusCodes.StatusCode500" } }
            }
          }
        },
        tags: ["Room Recordings"]
      }
    }
  },
  components: {
    schemas: {
      "Types.StatusCodes.RestApiErrorItem": {
        type: "object",
        required: ["type", "code", "message", "url"],
        properties: {
          type: { type: "string" },
          code: { type: "string" },
          message: { type: "string" },
          attribute: { anyOf: [{ type: "string" }, { type: "null" }] },
          url: { type: "string" }
        },
        unevaluatedProperties: { not: {} }
      },
      "Types.StatusCodes.StatusCode400": {
        type: "object",
        required: ["error"],
        properties: { error: { type: "string", enum: ["Bad Request"] } },
        unevaluatedProperties: { not: {} }
      },
      "Types.StatusCodes.StatusCode401": {
        type: "object",
        required: ["error"],
        properties: { error: { type: "string", enum: ["Unauthorized"] } },
        unevaluatedProperties: { not: {} }
      },
      "Types.StatusCodes.StatusCode404": {
        type: "object",
        required: ["error"],
        properties: { error: { type: "string", enum: ["Not Found"] } },
        unevaluatedProperties: { not: {} }
      },
      "Types.StatusCodes.StatusCode500": {
        type: "object",
        required: ["error"],
        properties: { error: { type: "string", enum: ["Internal Server Error"] } },
        unevaluatedProperties: { not: {} }
      },
      "Video.ListRoomRecordingEventsResponse": {
        type: "object",
        required: ["links", "data"],
        properties: {
          links: { allOf: [{ $ref: "#/components/schemas/Video.PaginationLinks" }] },
          data: { type: "array", items: { $ref: "#/components/schemas/Video.RoomSessionEvent" } }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.ListRoomRecordingsResponse": {
        type: "object",
        required: ["links", "data"],
        properties: {
          links: { allOf: [{ $ref: "#/components/schemas/Video.PaginationLinks" }] },
          data: { type: "array", items: { $ref: "#/components/schemas/Video.RoomRecording" } }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.ListRoomSessionEventsResponse": {
        type: "object",
        required: ["links", "data"],
        properties: {
          links: { allOf: [{ $ref: "#/components/schemas/Video.PaginationLinks" }] },
          data: { type: "array", items: { $ref: "#/components/schemas/Video.RoomSessionEvent" } }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.ListRoomSessionMembersResponse": {
        type: "object",
        required: ["links", "data"],
        properties: {
          links: { allOf: [{ $ref: "#/components/schemas/Video.PaginationLinks" }] },
          data: { type: "array", items: { $ref: "#/components/schemas/Video.RoomSessionMember" } }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.ListRoomSessionRecordingsResponse": {
        type: "object",
        required: ["links", "data"],
        properties: {
          links: { allOf: [{ $ref: "#/components/schemas/Video.PaginationLinks" }] },
          data: { type: "array", items: { $ref: "#/components/schemas/Video.RoomRecording" } }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.ListRoomSessionsResponse": {
        type: "object",
        required: ["links", "data"],
        properties: {
          links: { allOf: [{ $ref: "#/components/schemas/Video.PaginationLinks" }] },
          data: { type: "array", items: { $ref: "#/components/schemas/Video.RoomSession" } }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.PaginationLinks": {
        type: "object",
        required: ["self", "first"],
        properties: {
          self: { type: "string" },
          first: { type: "string" },
          next: { type: "string" },
          prev: { type: "string" }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.RoomRecording": {
        type: "object",
        required: [
          "id",
          "room_session_id",
          "status",
          "started_at",
          "finished_at",
          "duration",
          "size_in_bytes",
          "format",
          "cost_in_dollars",
          "uri",
          "created_at",
          "updated_at"
        ],
        properties: {
          id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_session_id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          status: { anyOf: [{ $ref: "#/components/schemas/Video.RoomRecordingStatus" }, { type: "null" }] },
          started_at: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          finished_at: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          duration: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          size_in_bytes: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          format: { anyOf: [{ type: "string" }, { type: "null" }] },
          cost_in_dollars: { type: "number", format: "double" },
          uri: { anyOf: [{ type: "string" }, { type: "null" }] },
          created_at: { type: "string", format: "date-time" },
          updated_at: { type: "string", format: "date-time" }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.RoomRecordingStatus": { type: "string", enum: ["recording", "paused", "processing", "completed"] },
      "Video.RoomSession": {
        type: "object",
        required: [
          "id",
          "room_id",
          "name",
          "display_name",
          "max_members",
          "quality",
          "fps",
          "join_from",
          "join_until",
          "remove_at",
          "remove_after_seconds_elapsed",
          "layout",
          "record_on_start",
          "tone_on_entry_and_exit",
          "room_join_video_off",
          "user_join_video_off",
          "locked",
          "start_time",
          "end_time",
          "duration",
          "status",
          "created_at",
          "updated_at",
          "preview_url",
          "prioritize_handraise",
          "sync_audio_video",
          "cost_in_dollars",
          "enable_room_previews",
          "locked_cover"
        ],
        properties: {
          id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_id: { anyOf: [{ $ref: "#/components/schemas/uuid" }, { type: "null" }] },
          name: { anyOf: [{ type: "string" }, { type: "null" }] },
          display_name: { anyOf: [{ type: "string" }, { type: "null" }] },
          max_members: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          quality: { anyOf: [{ $ref: "#/components/schemas/Video.VideoQuality" }, { type: "null" }] },
          fps: { anyOf: [{ $ref: "#/components/schemas/Video.VideoFps" }, { type: "null" }] },
          join_from: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          join_until: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          remove_at: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          remove_after_seconds_elapsed: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          layout: { anyOf: [{ type: "string" }, { type: "null" }] },
          record_on_start: { type: "boolean" },
          tone_on_entry_and_exit: { type: "boolean" },
          room_join_video_off: { type: "boolean" },
          user_join_video_off: { type: "boolean" },
          locked: { type: "boolean" },
          start_time: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          end_time: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          duration: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          status: { anyOf: [{ $ref: "#/components/schemas/Video.RoomSessionStatus" }, { type: "null" }] },
          created_at: { type: "string", format: "date-time" },
          updated_at: { type: "string", format: "date-time" },
          preview_url: { anyOf: [{ type: "string" }, { type: "null" }] },
          prioritize_handraise: { anyOf: [{ type: "boolean" }, { type: "null" }] },
          sync_audio_video: { anyOf: [{ type: "boolean" }, { type: "null" }] },
          cost_in_dollars: { type: "number", format: "double" },
          enable_room_previews: { type: "boolean" },
          locked_cover: { type: "string" }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.RoomSessionEvent": {
        type: "object",
        required: ["id", "project_id", "room_id", "room_session_id", "level", "name", "payload", "created_at"],
        properties: {
          id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          project_id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_session_id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_recording_id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_participant_id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          level: { type: "string" },
          name: { type: "string" },
          payload: { type: "object", unevaluatedProperties: {} },
          created_at: { type: "string", format: "date-time" }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.RoomSessionMember": {
        type: "object",
        required: ["id", "room_session_id", "name", "join_time", "leave_time", "duration", "cost_in_dollars"],
        properties: {
          id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_session_id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          name: { anyOf: [{ type: "string" }, { type: "null" }] },
          join_time: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          leave_time: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          duration: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          cost_in_dollars: { type: "number", format: "double" }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.RoomSessionStatus": { type: "string", enum: ["in-progress", "completed"] },
      "Video.RoomSessionSummary": {
        type: "object",
        required: [
          "id",
          "room_id",
          "name",
          "display_name",
          "max_members",
          "quality",
          "fps",
          "join_from",
          "join_until",
          "remove_at",
          "remove_after_seconds_elapsed",
          "layout",
          "record_on_start",
          "tone_on_entry_and_exit",
          "room_join_video_off",
          "user_join_video_off",
          "locked",
          "start_time",
          "end_time",
          "duration",
          "status",
          "created_at",
          "updated_at",
          "preview_url",
          "prioritize_handraise",
          "sync_audio_video"
        ],
        properties: {
          id: { allOf: [{ $ref: "#/components/schemas/uuid" }] },
          room_id: { anyOf: [{ $ref: "#/components/schemas/uuid" }, { type: "null" }] },
          name: { anyOf: [{ type: "string" }, { type: "null" }] },
          display_name: { anyOf: [{ type: "string" }, { type: "null" }] },
          max_members: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          quality: { anyOf: [{ $ref: "#/components/schemas/Video.VideoQuality" }, { type: "null" }] },
          fps: { anyOf: [{ $ref: "#/components/schemas/Video.VideoFps" }, { type: "null" }] },
          join_from: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          join_until: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          remove_at: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          remove_after_seconds_elapsed: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          layout: { anyOf: [{ type: "string" }, { type: "null" }] },
          record_on_start: { type: "boolean" },
          tone_on_entry_and_exit: { type: "boolean" },
          room_join_video_off: { type: "boolean" },
          user_join_video_off: { type: "boolean" },
          locked: { type: "boolean" },
          start_time: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          end_time: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
          duration: { anyOf: [{ type: "integer", format: "int32" }, { type: "null" }] },
          status: { anyOf: [{ $ref: "#/components/schemas/Video.RoomSessionStatus" }, { type: "null" }] },
          created_at: { type: "string", format: "date-time" },
          updated_at: { type: "string", format: "date-time" },
          preview_url: { anyOf: [{ type: "string" }, { type: "null" }] },
          prioritize_handraise: { anyOf: [{ type: "boolean" }, { type: "null" }] },
          sync_audio_video: { anyOf: [{ type: "boolean" }, { type: "null" }] }
        },
        unevaluatedProperties: { not: {} }
      },
      "Video.VideoFps": { type: "number", enum: [20, 30] },
      "Video.VideoQuality": { type: "string", enum: ["720p", "1080p"] },
      "Video.VideoStatusCode422": {
        type: "object",
        required: ["errors"],
        properties: {
          errors: { type: "array", items: { $ref: "#/components/schemas/Types.StatusCodes.RestApiErrorItem" } }
        },
        unevaluatedProperties: { not: {} }
      },
      uuid: { type: "string", format: "uuid" }
    },
    securitySchemes: {
      SignalWireBasicAuth: { type: "http", scheme: "Basic" },
      SignalWireBearerAuth: { type: "http", scheme: "Bearer" }
    },
    parameters: {
      "Video.ListRoomRecordingEventsRequest.page_number": {
        name: "page_number",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0, default: 0 },
        explode: false
      },
      "Video.ListRoomRecordingEventsRequest.page_size": {
        name: "page_size",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 50 },
        explode: false
      },
      "Video.ListRoomRecordingEventsRequest.page_token": {
        name: "page_token",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomRecordingsRequest.media_ttl": {
        name: "media_ttl",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0 },
        explode: false
      },
      "Video.ListRoomRecordingsRequest.page_number": {
        name: "page_number",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0, default: 0 },
        explode: false
      },
      "Video.ListRoomRecordingsRequest.page_size": {
        name: "page_size",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 50 },
        explode: false
      },
      "Video.ListRoomRecordingsRequest.page_token": {
        name: "page_token",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomSessionEventsRequest.page_number": {
        name: "page_number",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0, default: 0 },
        explode: false
      },
      "Video.ListRoomSessionEventsRequest.page_size": {
        name: "page_size",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 50 },
        explode: false
      },
      "Video.ListRoomSessionEventsRequest.page_token": {
        name: "page_token",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomSessionMembersRequest.page_number": {
        name: "page_number",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0, default: 0 },
        explode: false
      },
      "Video.ListRoomSessionMembersRequest.page_size": {
        name: "page_size",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 50 },
        explode: false
      },
      "Video.ListRoomSessionMembersRequest.page_token": {
        name: "page_token",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomSessionRecordingsRequest.media_ttl": {
        name: "media_ttl",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0 },
        explode: false
      },
      "Video.ListRoomSessionRecordingsRequest.page_number": {
        name: "page_number",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0, default: 0 },
        explode: false
      },
      "Video.ListRoomSessionRecordingsRequest.page_size": {
        name: "page_size",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 50 },
        explode: false
      },
      "Video.ListRoomSessionRecordingsRequest.page_token": {
        name: "page_token",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomSessionsRequest.page_number": {
        name: "page_number",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 0, default: 0 },
        explode: false
      },
      "Video.ListRoomSessionsRequest.page_size": {
        name: "page_size",
        in: "query",
        required: false,
        schema: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 50 },
        explode: false
      },
      "Video.ListRoomSessionsRequest.page_token": {
        name: "page_token",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomSessionsRequest.room_id": {
        name: "room_id",
        in: "query",
        required: false,
        schema: { $ref: "#/components/schemas/uuid" },
        explode: false
      },
      "Video.ListRoomSessionsRequest.room_name": {
        name: "room_name",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomSessionsRequest.room_name_matches": {
        name: "room_name_matches",
        in: "query",
        required: false,
        schema: { type: "string" },
        explode: false
      },
      "Video.ListRoomSessionsRequest.status": {
        name: "status",
        in: "query",
        required: false,
        schema: { $ref: "#/components/schemas/Video.RoomSessionStatus" },
        explode: false
      },
      "Video.RoomRecordingPathID": {
        name: "id",
        in: "path",
        required: true,
        schema: { $ref: "#/components/schemas/uuid" }
      },
      "Video.RoomSessionPathID": {
        name: "id",
        in: "path",
        required: true,
        schema: { $ref: "#/components/schemas/uuid" }
      }
    }
  }
}
