/** Clients whose calls are promises. Those that take an agent have one with keep-alive and 32 connections, like our client. */
import * as http from "node:http"
import { apiToken, basic, id, path, projectId, type SessionJson } from "../session.ts"
import { connectOptions, type Target } from "../target.ts"
import { SessionHandler } from "./sessionHandler.ts"

/** Loads the library, and returns the function that makes one call. */
export type Load = (target: Target) => Promise<() => Promise<unknown>>

const connections = 32

const agent = () => new http.Agent({ keepAlive: true, maxSockets: connections })

const headers = { accept: "application/json", authorization: basic }

export const undici: Load = async target => {
  const { Agent, request } = await import("undici")
  const dispatcher = new Agent({ connections, ...connectOptions(target) })
  return async () => {
    const { body } = await request(target.origin + path, { dispatcher, headers })
    return body.json()
  }
}

/** One pool for one origin, so a request parses no URL and searches no pool. */
export const undiciPool: Load = async target => {
  const { Pool } = await import("undici")
  const pool = new Pool(target.origin, { connections, ...connectOptions(target) })
  return async () => {
    const { body } = await pool.request({ path, method: "GET", headers })
    return body.json()
  }
}

export const undiciDispatch: Load = async target => {
  const { Pool } = await import("undici")
  const pool = new Pool(target.origin, { connections, ...connectOptions(target) })
  return () =>
    new Promise((resolve, reject) => {
      pool.dispatch({ path, method: "GET", headers }, new SessionHandler(resolve, reject))
    })
}

export const fetch: Load = async ({ origin }) => async () => {
  const response = await globalThis.fetch(origin + path, { headers })
  return response.json()
}

interface Paths {
  readonly "/api/video/room_sessions/{id}": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string } }
      readonly responses: { readonly 200: { readonly content: { readonly "application/json": SessionJson } } }
    }
  }
}

export const openapiFetch: Load = async ({ origin }) => {
  const { default: createClient } = await import("openapi-fetch")
  const client = createClient<Paths>({ baseUrl: origin, headers })
  return async () => {
    const { data } = await client.GET("/api/video/room_sessions/{id}", { params: { path: { id } } })
    return data
  }
}

export const ky: Load = async ({ origin }) => {
  const { default: ky } = await import("ky")
  const client = ky.create({ prefixUrl: origin, headers })
  return () => client.get(path.slice(1)).json()
}

export const got: Load = async ({ origin }) => {
  const { got } = await import("got")
  const client = got.extend({ prefixUrl: origin, headers, agent: { http: agent() } })
  return () => client.get(path.slice(1)).json()
}

export const axios: Load = async ({ origin }) => {
  const { default: axios } = await import("axios")
  const client = axios.create({ baseURL: origin, headers, httpAgent: agent() })
  return async () => {
    const { data } = await client.get<unknown>(path)
    return data
  }
}

export const ofetch: Load = async ({ origin }) => {
  const { ofetch } = await import("ofetch")
  const client = ofetch.create({ baseURL: origin, headers })
  return () => client(path)
}

/** Its own agent is for https only. For http it uses the global agent of Node, which has keep-alive too. */
export const twilio: Load = async ({ origin }) => {
  const { default: twilio } = await import("twilio")
  const client = new twilio.RequestClient()
  return async () => {
    const { body } = await client.request({
      method: "get",
      uri: origin + path,
      username: projectId,
      password: apiToken,
      headers: { accept: "application/json" }
    })
    return body
  }
}
