/** What the command prints when the sandbox has started. Its tokens are not secrets, since they give access to the sandbox only. */
import * as Redacted from "effect/Redacted"
import type * as SandboxSpace from "../../SandboxSpace.ts"
import { word } from "../environment.ts"
import * as routes from "../server/routes.ts"

/** Control and format characters, such as those of bidirectional text, would forge lines of a terminal. */
const printable = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    character => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`
  )

/** The text that explains how to use the sandbox. */
export const toText = (
  { apiToken, control, projectId, sessions, url }: SandboxSpace.Service,
  variables: Readonly<Record<string, string>>,
  others: ReadonlyArray<Readonly<Record<string, string>>> | undefined,
  statuses: ReadonlyArray<number>
): string => {
  const token = Redacted.value(apiToken)
  const example = sessions[0] === undefined
    ? routes.pathOf("RoomSessions.list", {})
    : routes.pathOf("RoomSessions.get", { id: sessions[0].id })
  const caFile = variables["SIGNALWIRE_REST_CA_FILE"]
  const shown = sessions.slice(0, 20)
  const lines = shown.map(({ display_name, id, name, status }) =>
    `  ${id}  ${printable(status ?? "-").padEnd(11)}  ${printable(display_name ?? name ?? "-")}`
  )
  return [
    `SignalWire sandbox on ${url}`,
    "",
    ...Object.entries(variables).map(([name, value]) => `  ${name}=${value}`),
    "",
    ...(others === undefined ? [] : [
      others.length === 0
        ? "Other machines can use it. --host-name NAME prints what they need to reach it by a name."
        : "Other machines can use it, by",
      ...others.flatMap(variables => [...Object.entries(variables).map(([name, value]) => `  ${name}=${value}`), ""]),
      ...(others.length === 0 ? [""] : [])
    ]),
    "Room sessions",
    ...lines,
    ...(sessions.length > shown.length ? [`  and ${sessions.length - shown.length} more`] : []),
    "",
    ...(control === undefined
      ? []
      : [
        "Console",
        `  ${url}/#token=${Redacted.value(control.token)}`,
        "",
        "Control endpoint",
        `  ${control.url}/openapi.json`,
        `  Authorization: Bearer ${Redacted.value(control.token)}`,
        ""
      ]),
    "Try",
    `  curl ${caFile === undefined ? "" : `--cacert ${word(caFile)} `}-u ${
      word(`${projectId}:${token}`)
    } ${url}${example}`,
    ...(statuses.length === 0
      ? []
      : [`  The next responses have the statuses ${statuses.join(", ")}; later ones are as usual.`]),
    "",
    "Ctrl-C stops it."
  ].join("\n")
}

/** The first line of `--json`. */
export const toJson = (
  { control, sessions, url }: SandboxSpace.Service,
  variables: Readonly<Record<string, string>>
): string =>
  JSON.stringify({
    type: "started",
    url,
    environment: variables,
    control: control === undefined ? null : { url: control.url, token: Redacted.value(control.token) },
    sessions: sessions.map(({ id }) => id)
  })
