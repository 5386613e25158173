/** The vendor's OpenAPI 3.1 document of the endpoint: its facts, without its prose. */
export const getRoomSession = {
  openapi: "3.1.0",
  info: {
    title: "signalwire-rest",
    version: "1.0.0"
  },
  paths: {
    "/api/video/room_sessions/{id}": {
      get: {
        operationId: "get-room-session",
        tags: [
          "subpackage_roomSessions"
        ],
        parameters: [
          {
            name: "id",
            in: "path",
            required: true,
            schema: {
              type: "string",
              format: "uuid"
            }
          },
          {
            name: "Authorization",
            in: "header",
            required: true,
            schema: {
              type: "string"
            }
          }
        ],
        responses: {
          "200": {
            content: {
              "application/json": {
                schema: {
                  "$ref": "#/components/schemas/Video.RoomSessionSummary"
                }
              }
            }
          },
          "400": {
            content: {
              "application/json": {
                schema: {
                  "$ref": "#/components/schemas/Types.StatusCodes.StatusCode400"
                }
              }
            }
          },
          "401": {
            content: {
              "application/json": {
                schema: {
                  "$ref": "#/components/schemas/Types.StatusCodes.StatusCode401"
                }
              }
            }
          },
          "404": {
            content: {
              "application/json": {
                schema: {
                  "$ref": "#/components/schemas/Types.StatusCodes.StatusCode404"
                }
              }
            }
          },
          "500": {
            content: {
              "application/json": {
                schema: {
                  "$ref": "#/components/schemas/Types.StatusCodes.StatusCode500"
                }
              }
            }
          }
        }
      }
    }
  },
  servers: [
    {
      url: "https://%7BYour_Space_Name%7D.signalwire.com"
    }
  ],
  components: {
    schemas: {
      "Video.VideoQuality": {
        type: "string",
        enum: [
          "720p",
          "1080p"
        ],
        title: "Video.VideoQuality"
      },
      "Video.VideoFps": {
        type: "string",
        enum: [
          "20",
          "30"
        ],
        title: "Video.VideoFps"
      },
      "Video.RoomSessionStatus": {
        type: "string",
        enum: [
          "in-progress",
          "completed"
        ],
        title: "Video.RoomSessionStatus"
      },
      "Video.RoomSessionSummary": {
        type: "object",
        properties: {
          id: {
            type: "string",
            format: "uuid"
          },
          room_id: {
            type: [
              "string",
              "null"
            ],
            format: "uuid"
          },
          name: {
            type: [
              "string",
              "null"
            ]
          },
          display_name: {
            type: [
              "string",
              "null"
            ]
          },
          max_members: {
            type: [
              "integer",
              "null"
            ]
          },
          quality: {
            oneOf: [
              {
                "$ref": "#/components/schemas/Video.VideoQuality"
              },
              {
                type: "null"
              }
            ]
          },
          fps: {
            oneOf: [
              {
                "$ref": "#/components/schemas/Video.VideoFps"
              },
              {
                type: "null"
              }
            ]
          },
          join_from: {
            type: [
              "string",
              "null"
            ],
            format: "date-time"
          },
          join_until: {
            type: [
              "string",
              "null"
            ],
            format: "date-time"
          },
          remove_at: {
            type: [
              "string",
              "null"
            ],
            format: "date-time"
          },
          remove_after_seconds_elapsed: {
            type: [
              "integer",
              "null"
            ]
          },
          layout: {
            type: [
              "string",
              "null"
            ]
          },
          record_on_start: {
            type: "boolean"
          },
          tone_on_entry_and_exit: {
            type: "boolean"
          },
          room_join_video_off: {
            type: "boolean"
          },
          user_join_video_off: {
            type: "boolean"
          },
          locked: {
            type: "boolean"
          },
          start_time: {
            type: [
              "string",
              "null"
            ],
            format: "date-time"
          },
          end_time: {
            type: [
              "string",
              "null"
            ],
            format: "date-time"
          },
          duration: {
            type: [
              "integer",
              "null"
            ]
          },
          status: {
            oneOf: [
              {
                "$ref": "#/components/schemas/Video.RoomSessionStatus"
              },
              {
                type: "null"
              }
            ]
          },
          created_at: {
            type: "string",
            format: "date-time"
          },
          updated_at: {
            type: "string",
            format: "date-time"
          },
          preview_url: {
            type: [
              "string",
              "null"
            ]
          },
          prioritize_handraise: {
            type: [
              "boolean",
              "null"
            ]
          },
          sync_audio_video: {
            type: [
              "boolean",
              "null"
            ]
          }
        },
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
        title: "Video.RoomSessionSummary"
      },
      TypesStatusCodesStatusCode400Error: {
        type: "string",
        enum: [
          "Bad Request"
        ],
        title: "TypesStatusCodesStatusCode400Error"
      },
      "Types.StatusCodes.StatusCode400": {
        type: "object",
        properties: {
          error: {
            "$ref": "#/components/schemas/TypesStatusCodesStatusCode400Error"
          }
        },
        required: [
          "error"
        ],
        title: "Types.StatusCodes.StatusCode400"
      },
      TypesStatusCodesStatusCode401Error: {
        type: "string",
        enum: [
          "Unauthorized"
        ],
        title: "TypesStatusCodesStatusCode401Error"
      },
      "Types.StatusCodes.StatusCode401": {
        type: "object",
        properties: {
          error: {
            "$ref": "#/components/schemas/TypesStatusCodesStatusCode401Error"
          }
        },
        required: [
          "error"
        ],
        title: "Types.StatusCodes.StatusCode401"
      },
      TypesStatusCodesStatusCode404Error: {
        type: "string",
        enum: [
          "Not Found"
        ],
        title: "TypesStatusCodesStatusCode404Error"
      },
      "Types.StatusCodes.StatusCode404": {
        type: "object",
        properties: {
          error: {
            "$ref": "#/components/schemas/TypesStatusCodesStatusCode404Error"
          }
        },
        required: [
          "error"
        ],
        title: "Types.StatusCodes.StatusCode404"
      },
      TypesStatusCodesStatusCode500Error: {
        type: "string",
        enum: [
          "Internal Server Error"
        ],
        title: "TypesStatusCodesStatusCode500Error"
      },
      "Types.StatusCodes.StatusCode500": {
        type: "object",
        properties: {
          error: {
            "$ref": "#/components/schemas/TypesStatusCodesStatusCode500Error"
          }
        },
        required: [
          "error"
        ],
        title: "Types.StatusCodes.StatusCode500"
      }
    },
    securitySchemes: {
      SignalWireBasicAuth: {
        type: "http",
        scheme: "basic"
      }
    }
  }
}
