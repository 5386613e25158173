/** Generates the tables of `docs/errors.md` from the errors: run with `-u` after an error has changed. */
import { assert, describe, expect, it } from "@effect/vitest"
import { Duration } from "effect"
import { readFileSync } from "node:fs"
import * as SignalWireError from "../src/SignalWireError.ts"

type Tag = SignalWireError.SignalWireError["_tag"]

/** A form of an error: what distinguishes it, and an error. */
type Form = readonly [when: string, error: SignalWireError.SignalWireError]

const seconds = Duration.seconds

const reasonsOf = <Reason extends string>(reasons: ReadonlyArray<Reason>, of: (reason: Reason) => Form[1]) =>
  reasons.map((reason): Form => [`reason \`${reason}\``, of(reason)])

const {
  BadRequest,
  InternalServerError,
  InvalidRequest,
  InvalidResponse,
  NotFound,
  RateLimited,
  RequestTimeout,
  ServerUnavailable,
  TransportError,
  Unauthorized,
  UnexpectedStatus,
  UnprocessableContent
} = SignalWireError

const forms: Readonly<Record<Tag, ReadonlyArray<Form>>> = {
  SignalWireBadRequest: [["status 400", new BadRequest()]],
  SignalWireUnauthorized: [["status 401", new Unauthorized()]],
  SignalWireNotFound: [["status 404", new NotFound()]],
  SignalWireUnprocessableContent: [["status 422, in lists and recordings", new UnprocessableContent()]],
  SignalWireInternalServerError: [
    ["status 500", new InternalServerError()],
    ["status 500 with `Retry-After`", new InternalServerError({ retryAfter: seconds(2) })]
  ],
  SignalWireRateLimited: [
    ["status 429", new RateLimited()],
    ["status 429 with `Retry-After`", new RateLimited({ retryAfter: seconds(2) })],
    [
      "during the pause after a 429, with `rateLimit`",
      new RateLimited({ attempts: 0, requestsSent: 0, retryAfter: seconds(2) })
    ]
  ],
  SignalWireServerUnavailable: [
    ...([408, 502, 503, 504] as const).map((status): Form => [`status ${status}`, new ServerUnavailable({ status })]),
    ["status 503 with `Retry-After`", new ServerUnavailable({ retryAfter: seconds(2) })]
  ],
  SignalWireUnexpectedStatus: [
    ["any other status, such as 302", new UnexpectedStatus({ status: 302 })],
    ["status 403", new UnexpectedStatus({ status: 403 })]
  ],
  SignalWireInvalidResponse: [
    ...reasonsOf(
      ["InvalidJson", "InvalidUtf8", "UnexpectedContentType", "UnsupportedEncoding", "TooLarge"],
      reason => new InvalidResponse({ reason })
    ),
    [
      "reason `SchemaMismatch`",
      new InvalidResponse({ reason: "SchemaMismatch", path: "record_on_start", expected: "a boolean" })
    ],
    [
      "reason `SchemaMismatch`, of a field that can be null",
      new InvalidResponse({
        reason: "SchemaMismatch",
        path: "end_time",
        expected: "an RFC 3339 date-time, such as 2026-01-31T23:59:59Z, or null"
      })
    ],
    [
      "reason `SchemaMismatch`, of another session",
      new InvalidResponse({ reason: "SchemaMismatch", path: "id", expected: "the requested id" })
    ]
  ],
  SignalWireTransportError: [
    ["reason `Refused`", new TransportError({ reason: "Refused", code: "ECONNREFUSED" })],
    ["reason `Refused`, by this machine", new TransportError({ reason: "Refused", code: "EMFILE" })],
    ["reason `Reset`", new TransportError({ reason: "Reset", code: "ECONNRESET" })],
    ["reason `Truncated`", new TransportError({ reason: "Truncated", code: "UND_ERR_SOCKET" })],
    ["reason `Dns`, temporary", new TransportError({ reason: "Dns", code: "EAI_AGAIN" })],
    ["reason `Dns`", new TransportError({ reason: "Dns", code: "ENOTFOUND" })],
    ["reason `Tls`", new TransportError({ reason: "Tls", code: "CERT_HAS_EXPIRED" })],
    ["reason `Malformed`", new TransportError({ reason: "Malformed", code: "HPE_INVALID_CONSTANT" })],
    ["reason `Proxy`, temporary", new TransportError({ reason: "Proxy", code: "ERR_PROXY_STATUS_503" })],
    ["reason `Proxy`", new TransportError({ reason: "Proxy", code: "ERR_PROXY_STATUS_407" })],
    ["reason `Closed`", new TransportError({ reason: "Closed" })],
    ["reason `Other`, of fetch", new TransportError({ reason: "Other", code: "ERR_NETWORK" })],
    ["reason `Other`", new TransportError({ reason: "Other" })]
  ],
  SignalWireRequestTimeout: [
    ["phase `attempt`", new RequestTimeout({ phase: "attempt" })],
    ["phase `attempt`, connecting", new RequestTimeout({ phase: "attempt", requestsSent: 0 })],
    ["phase `deadline`", new RequestTimeout({ phase: "deadline" })],
    ["phase `deadline`, in the queue for a connection", new RequestTimeout({ phase: "deadline", requestsSent: 0 })],
    [
      "phase `deadline`, in the queue of `rateLimit`",
      new RequestTimeout({ phase: "deadline", attempts: 0, requestsSent: 0 })
    ]
  ],
  SignalWireInvalidRequest: [
    ["the id of a session", new InvalidRequest()],
    [
      "`page_size` of a list",
      new InvalidRequest({ parameter: "page_size", expected: "a whole number from 1 to 1,000" })
    ]
  ]
}

/** The part of the message that depends on the error: without the operation, the attempts and the time. */
const textOf = ({ message }: SignalWireError.SignalWireError): string =>
  message.replace(/^RoomSessions\.get: /, "").replace(/ \(1 attempt, 0 ms\)$/, "")

const table = (tag: Tag): string =>
  [
    "| when | message | retried |",
    "|---|---|---|",
    ...forms[tag].map(([when, error]) => `| ${when} | ${textOf(error)} | ${error.isRetryable ? "yes" : "no"} |`)
  ].join("\n")

const page = new URL("../../../docs/errors.md", import.meta.url)

const replaced = (text: string, tag: Tag): string => {
  const pattern = new RegExp(`<!-- ${tag} -->\\n[^]*<!-- /${tag} -->`)
  assert.match(text, pattern)
  return text.replace(pattern, () => `<!-- ${tag} -->\n\n${table(tag)}\n\n<!-- /${tag} -->`)
}

const isTag = (key: string): key is Tag => Object.hasOwn(forms, key)

/** The statuses in the second column, and the third one. */
const rowsOfReadme = Array.from(
  readFileSync(new URL("../../../README.md", import.meta.url), "utf8").matchAll(
    /^\| `(SignalWire\w+)` \| (.+) \| (.+) \|$/gm
  ),
  ([, tag = "", when = "", retried = ""]) => [tag, when.match(/\b[2-5]\d\d\b/g)?.join(), retried]
)

const statusesOf = (tag: Tag): string | undefined => {
  const statuses = new Set(forms[tag].flatMap(([, error]) => ("status" in error ? error.status : undefined) ?? []))
  // any other status has no number in the table
  return tag === "SignalWireUnexpectedStatus" || statuses.size === 0 ? undefined : Array.from(statuses).join()
}

const retriedOf = (tag: Tag): string => {
  const retried = forms[tag].filter(([, error]) => error.isRetryable)
  if (retried.length === 0) return "no"
  if (retried.length === forms[tag].length) return "yes"
  const phases = new Set(retried.map(([, error]) => "phase" in error ? error.phase : "if temporary"))
  return Array.from(phases).join(", ")
}

describe("the README", () => {
  it("the table of errors in README.md has the statuses of each error, and whether it is retried", () => {
    assert.deepStrictEqual(
      rowsOfReadme,
      Object.keys(forms).filter(isTag).map(tag => [tag, statusesOf(tag), retriedOf(tag)]),
      "change the table of errors in README.md"
    )
  })
})

describe("docs/errors.md", () => {
  it("docs/errors.md has a section for each error", () => {
    const headings = Array.from(readFileSync(page, "utf8").matchAll(/^## (SignalWire\w+)$/gm), ([, heading]) => heading)
    assert.deepStrictEqual(headings, Object.keys(forms))
  })

  it("each error of a section has its tag", () => {
    for (const [tag, of] of Object.entries(forms)) {
      for (const [, error] of of) assert.strictEqual<string>(error._tag, tag)
    }
  })

  it("docs/errors.md has the messages of the errors; `vitest -u` writes them", async () => {
    const text = Object.keys(forms).filter(isTag).reduce(replaced, readFileSync(page, "utf8"))
    await expect(text).toMatchFileSnapshot(page.pathname)
  })
})
