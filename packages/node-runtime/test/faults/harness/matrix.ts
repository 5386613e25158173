/**
 * Every fault that the client is held to, as data: what it meets, what the caller sees, and where a transport other than the
 * default differs. What is not retried is exactly one request. What holds for every row beside its promise is in `invariant.ts`.
 */

export type Transport = "undici" | "node:http" | "fetch"

export interface Row {
  readonly group: Group
  readonly stimulus: string
  readonly promise: string
  /** What happens instead over a transport that cannot keep the promise. undici keeps all of them. */
  readonly exceptions?: Partial<Record<Exclude<Transport, "undici">, string>>
  /** How the fault is made where a plain machine cannot make it as it stands. */
  readonly equivalent?: string
}

export type Group =
  | "Wire"
  | "Status"
  | "Headers"
  | "Bodies"
  | "Time"
  | "Retry"
  | "Cancel"
  | "Load"
  | "Secrets"
  | "Input and configuration"
  | "TLS, proxy, redirect"
  | "Soak"
  | "Connections that were used before"
  | "Errors that say more"
  | "Sessions as they come"
  | "Tenants and runtimes"

const soak = "`test` makes a fiftieth of the calls and looks at what is left; `soak` makes all of them and measures"

const rows = {
  1: {
    group: "Wire",
    stimulus: "port closed",
    promise: "retried: TransportError Refused, 3 attempts"
  },
  2: {
    group: "Wire",
    stimulus: "RST after the request, then 200",
    promise: "retried: success"
  },
  3: {
    group: "Wire",
    stimulus: "FIN before headers, then 200",
    promise: "retried: success"
  },
  4: {
    group: "Wire",
    stimulus: "idle keep-alive socket closed or reset on reuse",
    promise: "retried: success on a new socket"
  },
  5: {
    group: "Wire",
    stimulus: "accepts, never replies",
    promise: "retried: RequestTimeout, 3 attempts, at most the deadline"
  },
  6: {
    group: "Wire",
    stimulus: "no SYN-ACK (full backlog)",
    promise: "retried: RequestTimeout",
    equivalent: "a listener that accepts nothing and whose queue is filled; the system drops each further SYN"
  },
  7: {
    group: "Wire",
    stimulus: "RST mid-body",
    promise: "retried: TransportError Truncated if it persists"
  },
  8: {
    group: "Wire",
    stimulus: "Content-Length 100, 20 bytes, FIN",
    promise: "retried: Truncated, never success"
  },
  9: {
    group: "Wire",
    stimulus: "chunked without terminator",
    promise: "retried: Truncated"
  },
  10: {
    group: "Wire",
    stimulus: "bad chunk size",
    promise: "not retried: Malformed",
    exceptions: {
      "node:http": "retried: Truncated: a parse error in a body is reported as a broken connection"
    }
  },
  11: {
    group: "Wire",
    stimulus: "SSH-2.0… banner",
    promise: "not retried: Malformed"
  },
  12: {
    group: "Wire",
    stimulus: "header line without colon",
    promise: "not retried: Malformed"
  },
  13: {
    group: "Wire",
    stimulus: "conflicting duplicate Content-Length",
    promise: "not retried: Malformed",
    exceptions: {
      fetch: "may be Truncated, retried: the body may break off before the head is seen"
    }
  },
  14: {
    group: "Wire",
    stimulus: "Content-Length and Transfer-Encoding together",
    promise: "not retried: Malformed"
  },
  15: {
    group: "Wire",
    stimulus: "extra bytes after the body",
    promise:
      "first call ok; no later call gets bytes that were read before its own request was written (those that are read after it cannot be told from its response, over any transport)",
    exceptions: {
      fetch: "the same, but the response before the extra bytes may be lost, and its call is retried"
    }
  },
  16: {
    group: "Wire",
    stimulus: "name that does not resolve",
    promise: "not retried: Dns (EAI_AGAIN: retried)",
    equivalent: "dns.lookup of the process is replaced by one that fails"
  },
  17: {
    group: "Status",
    stimulus: "500, then 200",
    promise: "retried: success"
  },
  18: {
    group: "Status",
    stimulus: "500 for ever",
    promise: "3 requests, InternalServerError with attempts and request id"
  },
  19: {
    group: "Status",
    stimulus: "408, 502, 503, 504 (each)",
    promise: "retried: ServerUnavailable"
  },
  20: {
    group: "Status",
    stimulus: "429 without a header",
    promise: "retried: RateLimited"
  },
  21: {
    group: "Status",
    stimulus: "501, 505",
    promise: "not retried: UnexpectedStatus"
  },
  22: {
    group: "Status",
    stimulus: "400, 401, 404 (each), with the contract's body, another JSON, HTML, empty",
    promise: "not retried: its own tag"
  },
  23: {
    group: "Status",
    stimulus: "403, 409, 410, 418, 422",
    promise: "not retried: UnexpectedStatus, details from errors[]"
  },
  24: {
    group: "Status",
    stimulus: "201, 204, 205, 206, 304",
    promise: "not retried: UnexpectedStatus"
  },
  25: {
    group: "Status",
    stimulus: "status 99, 700, 1000",
    promise: "not retried: Malformed or UnexpectedStatus"
  },
  26: {
    group: "Status",
    stimulus: "103 every 200 ms for ever",
    promise: "retried: RequestTimeout"
  },
  27: {
    group: "Status",
    stimulus: "101 upgrade",
    promise: "not retried: UnexpectedStatus or Malformed",
    exceptions: {
      "node:http": "TransportError or RequestTimeout; the connection may stay open until the server closes it",
      fetch:
        "TransportError, which may be Reset, retried; some versions of fetch do not notice an upgrade: RequestTimeout, retried"
    }
  },
  28: {
    group: "Headers",
    stimulus: "headers dripped, 1 byte per 200 ms",
    promise: "retried: RequestTimeout"
  },
  29: {
    group: "Headers",
    stimulus: "a 200 KB header",
    promise: "not retried: Malformed"
  },
  30: {
    group: "Headers",
    stimulus: "5,000 headers",
    promise: "not retried, bounded time"
  },
  31: {
    group: "Headers",
    stimulus: "request id of 10 KB, with ANSI codes, with CRLF encoded",
    promise: "truncated and sanitised; a control character in a header is TransportError Malformed, not retried"
  },
  32: {
    group: "Headers",
    stimulus: "Retry-After: 1",
    promise: "gap of at least 1 s"
  },
  33: {
    group: "Headers",
    stimulus: "Retry-After: 99999999 (beyond the remaining deadline)",
    promise: "fails at once, not retried, with retryAfter in the error"
  },
  34: {
    group: "Headers",
    stimulus: "Retry-After: -5, abc, empty, 1e9, 0x10, NaN",
    promise: "ignored: normal backoff, never below its floor"
  },
  35: {
    group: "Headers",
    stimulus: "Retry-After as HTTP-date: past, +1 s, year 9999",
    promise: "backoff, about 1 s, fails at once"
  },
  36: {
    group: "Headers",
    stimulus: "two Retry-After lines",
    promise: "the larger wins",
    exceptions: {
      "node:http": "the first line counts: the others are dropped before the library sees them"
    }
  },
  37: {
    group: "Headers",
    stimulus: "Date header skewed by an hour with an HTTP-date Retry-After",
    promise: "wait computed from the response's Date"
  },
  38: {
    group: "Bodies",
    stimulus: "the contract's example",
    promise: "decoded"
  },
  39: {
    group: "Bodies",
    stimulus: "unknown extra keys",
    promise: "decoded"
  },
  40: {
    group: "Bodies",
    stimulus: "a new value in status, quality, fps; fps as a number",
    promise: "decoded; the value is kept as Unrecognized, fps is always a string"
  },
  41: {
    group: "Bodies",
    stimulus: "missing key that is never null, wrong type",
    promise: "not retried: SchemaMismatch with the path and without values"
  },
  42: {
    group: "Bodies",
    stimulus: "empty 200",
    promise: "not retried: InvalidJson"
  },
  43: {
    group: "Bodies",
    stimulus: "text/html 200",
    promise: "not retried: UnexpectedContentType"
  },
  44: {
    group: "Bodies",
    stimulus: "HTML labelled JSON",
    promise: "not retried: InvalidJson"
  },
  45: {
    group: "Bodies",
    stimulus: "charset utf-16; a BOM",
    promise: "UTF-16 is UnexpectedContentType, not retried; a BOM is passed over: decoded"
  },
  46: {
    group: "Bodies",
    stimulus: "bytes FF FE C0 80 inside a string",
    promise: "not retried: InvalidUtf8"
  },
  47: {
    group: "Bodies",
    stimulus: "keys __proto__, constructor",
    promise: "decoded, prototypes clean"
  },
  48: {
    group: "Bodies",
    stimulus: "a million [; duplicate keys; 1e400; integers above 2^53",
    promise:
      "not retried, bounded: InvalidJson or SchemaMismatch; of duplicate keys the last one counts; no stack overflow"
  },
  49: {
    group: "Bodies",
    stimulus: "Content-Length of 60 MB",
    promise: "not retried: TooLarge before reading"
  },
  50: {
    group: "Bodies",
    stimulus: "endless chunks",
    promise: "not retried: TooLarge at 1 MiB, RSS grows by less than 20 MB"
  },
  51: {
    group: "Bodies",
    stimulus: "gzip bomb; 1000 layers of encoding",
    promise: "not retried: UnsupportedEncoding (identity was asked for)",
    exceptions: {
      "node:http": "the same, unless the body turns out to be a session that is not compressed",
      fetch:
        "uncompresses by itself, within the limit of the body: a session, or TooLarge, not retried; what it cannot undo is TransportError Other, not retried"
    }
  },
  52: {
    group: "Bodies",
    stimulus: "500 with a 60 MB body",
    promise: "retried: InternalServerError, at most 64 KiB read"
  },
  53: {
    group: "Bodies",
    stimulus: "id in the body differs from the one asked for",
    promise: "not retried: SchemaMismatch at id"
  },
  54: {
    group: "Time",
    stimulus: "body stalls after 10 bytes",
    promise: "retried: RequestTimeout"
  },
  55: {
    group: "Time",
    stimulus: "body dripped, 1 byte per 200 ms",
    promise: "retried: RequestTimeout"
  },
  56: {
    group: "Time",
    stimulus: "the body of a 400 stalls",
    promise: "not retried: BadRequest within the attempt's bound"
  },
  57: {
    group: "Time",
    stimulus: "every attempt takes 450 ms, then 500",
    promise: "the deadline beats the attempt count"
  },
  58: {
    group: "Time",
    stimulus: "remaining time shorter than the backoff",
    promise: "fails now, no sleep"
  },
  59: {
    group: "Time",
    stimulus: "wall clock moved by an hour during the call",
    promise: "bounds unchanged (monotonic time)"
  },
  60: {
    group: "Time",
    stimulus: "event loop blocked for 1 s",
    promise: "one timeout, settles once"
  },
  61: {
    group: "Retry",
    stimulus: "10,000 sampled delays",
    promise: "within the formula, both bounds approached"
  },
  62: {
    group: "Retry",
    stimulus: "1,000 calls at a server that always says 500",
    promise: "at most 1,000 + budget requests"
  },
  63: {
    group: "Retry",
    stimulus: "recovery after an outage",
    promise: "budget refills, retries resume"
  },
  64: {
    group: "Retry",
    stimulus: "retries 0",
    promise: "one attempt, even on a reset; only a dead connection that was used before is replaced (94)"
  },
  65: {
    group: "Retry",
    stimulus: "every attempt",
    promise: "same credential; the attempt's number in its span"
  },
  66: {
    group: "Cancel",
    stimulus: "interrupted before sending",
    promise: "0 requests"
  },
  67: {
    group: "Cancel",
    stimulus: "in connect, headers, body",
    promise: "socket closed within 50 ms",
    exceptions: {
      fetch:
        "the connection of the request is closed, and another is opened in its place; a connection that is being made is finished; both are kept for later calls"
    }
  },
  68: {
    group: "Cancel",
    stimulus: "in backoff",
    promise: "settles within 50 ms, no later request"
  },
  69: {
    group: "Cancel",
    stimulus: "loser of Effect.race, 1,000 times",
    promise: "no leak",
    exceptions: {
      fetch: "connections that were being made are finished, and kept for later calls"
    }
  },
  70: {
    group: "Cancel",
    stimulus: "one AbortSignal over 10,000 runPromise calls",
    promise: "listeners at baseline; Effect itself leaves one for each call before 3.22.4"
  },
  71: {
    group: "Load",
    stimulus: "1,000 calls in parallel, cap 32",
    promise: "at most 32 sockets, all settle",
    exceptions: {
      "node:http": "opens a connection for each call",
      fetch: "opens a connection for each call"
    }
  },
  72: {
    group: "Load",
    stimulus: "pool full of hung calls",
    promise: "waiting for a socket counts against the deadline, not against the attempt",
    exceptions: {
      "node:http": "opens a connection for each call",
      fetch: "opens a connection for each call"
    }
  },
  73: {
    group: "Load",
    stimulus: "two clients with two tokens in one process",
    promise: "no cross-talk"
  },
  74: {
    group: "Load",
    stimulus: "the layer closes with calls in flight",
    promise: "typed end, 0 sockets",
    exceptions: {
      "node:http": "calls go on: ended by their deadline at the latest",
      fetch: "calls go on: ended by their deadline at the latest, and idle connections stay with the process"
    }
  },
  75: {
    group: "Secrets",
    stimulus: "every error class, every sink",
    promise: "no form of the secret in any of them"
  },
  76: {
    group: "Secrets",
    stimulus: "a 401 that echoes the header (raw, base64, URL-encoded) in body, reason phrase and headers",
    promise: "redacted"
  },
  77: {
    group: "Secrets",
    stimulus: "inspect and JSON of client, configuration, layer",
    promise: "no secret"
  },
  78: {
    group: "Secrets",
    stimulus: "DEBUG=*, NODE_DEBUG=http,undici",
    promise: "nothing from this library"
  },
  79: {
    group: "Input and configuration",
    stimulus: "id .., %2e%2e, ../x, a/b, ?, #, CRLF, NUL, @h/, 1 MB long, a number, null",
    promise: "InvalidRequest, 0 requests, value not echoed"
  },
  80: {
    group: "Input and configuration",
    stimulus: "space a.b, evil.com/, x@y, non-ASCII, empty",
    promise: "ConfigError that says what is accepted"
  },
  81: {
    group: "Input and configuration",
    stimulus: "empty, blank or CRLF token; a colon in the project id",
    promise: "ConfigError, not a defect"
  },
  82: {
    group: "Input and configuration",
    stimulus: "token with characters above U+00FF",
    promise: "UTF-8 Basic, byte-exact"
  },
  83: {
    group: "Input and configuration",
    stimulus: "timeout 0, -1, NaN, infinity, 2^31 ms; negative or fractional retries",
    promise: "ConfigError"
  },
  84: {
    group: "Input and configuration",
    stimulus: "plain http to a host that is not loopback; userinfo in the URL",
    promise: "ConfigError, 0 bytes sent"
  },
  85: {
    group: "TLS, proxy, redirect",
    stimulus: "certificate self-signed, expired, for another host; TLS 1.0",
    promise: "not retried: TransportError Tls; the server saw no Authorization"
  },
  86: {
    group: "TLS, proxy, redirect",
    stimulus: "TLS stalls after ClientHello",
    promise: "retried: RequestTimeout"
  },
  87: {
    group: "TLS, proxy, redirect",
    stimulus: "301, 302, 303, 307, 308 to the same origin, another port, another host, http",
    promise: "not retried: UnexpectedStatus, 0 requests at the target"
  },
  88: {
    group: "TLS, proxy, redirect",
    stimulus: "HTTP_PROXY set, not opted in",
    promise: "ignored"
  },
  89: {
    group: "TLS, proxy, redirect",
    stimulus: "opted-in proxy responds 407, 502 HTML, or hangs on CONNECT",
    promise: "typed, bounded"
  },
  90: {
    group: "TLS, proxy, redirect",
    stimulus: "through a proxy to TLS",
    promise: "the proxy sees CONNECT only"
  },
  91: {
    group: "Soak",
    stimulus: "20,000 mixed calls over all faults",
    promise: "heap slope about 0, sockets within the cap, 0 timers left",
    equivalent: soak
  },
  92: {
    group: "Soak",
    stimulus: "10,000 failed TLS handshakes",
    promise: "no growth",
    equivalent: soak
  },
  93: {
    group: "Soak",
    stimulus: "5,000 error replies nobody reads",
    promise: "open sockets within the cap",
    equivalent: soak
  },
  94: {
    group: "Connections that were used before",
    stimulus: "1, 3, 8 and 32 idle connections, all dead (reset, closed or silent)",
    promise:
      "success on a new connection, at once and without a retry; after a silent one, the retry takes a new connection and the other silent ones are closed",
    exceptions: {
      "node:http": "each dead connection costs an attempt: the choice of connections is that of `http.Agent`",
      fetch: "each dead connection costs an attempt: the choice of connections is that of fetch"
    }
  },
  95: {
    group: "Connections that were used before",
    stimulus: "the server closes or resets at every reuse, 40 calls one after another",
    promise: "40 of 40 succeed",
    exceptions: {
      "node:http": "each reuse costs an attempt, until the retry budget is used up",
      fetch: "each reuse costs an attempt, until the retry budget is used up"
    }
  },
  96: {
    group: "Connections that were used before",
    stimulus: "many more calls at once than connections",
    promise:
      "all succeed: waiting for a connection counts against the deadline only; what runs out while waiting is RequestTimeout, phase deadline, 0 requests sent",
    exceptions: {
      "node:http": "opens a connection for each call, within the time of its attempt",
      fetch: "opens a connection for each call, within the time of its attempt"
    },
    equivalent: "400 calls of 20 ms over 4 connections, each waiting up to four times the time of an attempt"
  },
  97: {
    group: "Connections that were used before",
    stimulus: "a damaged TLS record in the body; while the connection is idle",
    promise: "retried: Truncated at once, not at the timeout; the next call uses a new connection",
    exceptions: {
      "node:http": "the same, seen by hand: its layer takes no certificate authority of a test",
      fetch: "retried: RequestTimeout: fetch does not notice before the time of the attempt is over, seen by hand"
    }
  },
  98: {
    group: "Connections that were used before",
    stimulus: "TLS 1.3 server that demands a client certificate",
    promise: "not retried: Tls, as under 1.2"
  },
  99: {
    group: "Connections that were used before",
    stimulus: "`100 Continue` that nobody asked for, from server and proxy",
    promise: "not retried: Malformed, as undici's parser rejects it",
    exceptions: {
      "node:http": "success"
    }
  },
  100: {
    group: "Connections that were used before",
    stimulus: "the layer closes during a call (as on SIGTERM)",
    promise: "TransportError Closed at once, in a wait between attempts too, with the true number of requests sent",
    exceptions: {
      "node:http": "calls go on: ended by their deadline at the latest",
      fetch: "calls go on: ended by their deadline at the latest"
    }
  },
  101: {
    group: "Errors that say more",
    stimulus: "400, 401, 403, 404, 422, 429, 500, 502, 503 (each), with every error body that is known of the service",
    promise:
      "its own tag, retried or not as its status says, with details in one shape: texts, messages, objects without a code, numbers, lists by parameter, plain text; none of HTML"
  },
  102: {
    group: "Errors that say more",
    stimulus: "an error status whose body stalls",
    promise: "retried or not as its status says, 1 s after its head, with what arrived; the connection is closed",
    exceptions: {
      fetch: "the same, and another connection is opened in place of the closed one"
    }
  },
  103: {
    group: "Errors that say more",
    stimulus: "Retry-After in RFC 850 and asctime form, `0.5`, with blanks",
    promise: "kept, as in the other forms; a year with two digits that is more than 50 years away is past"
  },
  104: {
    group: "Errors that say more",
    stimulus: "401 and 403",
    promise:
      "not retried: Unauthorized and UnexpectedStatus, whose messages name the four causes: credentials, space, scope, account not verified"
  },
  105: {
    group: "Errors that say more",
    stimulus: "`attempts` for a refused connection, DNS silence, FIN at accept",
    promise: "attempts made; `requestsSent` counts the requests that were sent",
    exceptions: {
      "node:http": "an attempt that may have sent its request counts as sent: DNS silence",
      fetch: "an attempt that may have sent its request counts as sent: DNS silence"
    }
  },
  106: {
    group: "Sessions as they come",
    stimulus:
      "bodies of the service and of its documents: 2021 without four flags, 2024 with 20 keys, 2026, an item of the list",
    promise: "decoded; what a session lacks is null"
  },
  108: {
    group: "Sessions as they come",
    stimulus: "`23:59:60Z`, 12 fraction digits, an offset without a colon, lower-case t and z",
    promise:
      "decoded: RFC 3339, and `+0000`; second 60 is the first of the next minute, what is finer than a millisecond is cut off"
  },
  109: {
    group: "Sessions as they come",
    stimulus: "`decoding: \"lenient\"`: any nullable field with any value that cannot be read",
    promise:
      "the field is null, everything else is as it was sent; one warning, one count and one report for each field and response, with path and expectation, never with the value"
  },
  110: {
    group: "Sessions as they come",
    stimulus: "the same in strict decoding",
    promise:
      "not retried: SchemaMismatch; `expected` says what should have been there, the message names lenient decoding"
  },
  111: {
    group: "Sessions as they come",
    stimulus:
      "content type `text/json`, the same content type twice, `content-encoding: none` or `utf-8` on plain JSON",
    promise: "decoded"
  },
  112: {
    group: "Sessions as they come",
    stimulus: "a static mock that has one id for every id",
    promise: "not retried: SchemaMismatch whose message says that another session came; decoded with `echo: \"ignore\"`"
  },
  118: {
    group: "Tenants and runtimes",
    stimulus: "a session decoded fast and one decoded by Schema, after any use of DateTime on one of them",
    promise: "deeply equal for `assert.deepStrictEqual`, `toEqual` and `toStrictEqual`"
  },
  113: {
    group: "Tenants and runtimes",
    stimulus:
      "2 and 50 clients, each under a tag of its own, merged into one layer, in one memo map, in a LayerMap, under one ManagedRuntime",
    promise: "each asks its own space with its own credentials"
  },
  114: {
    group: "Tenants and runtimes",
    stimulus: "errors of fetch without a code (Deno, workerd, browsers): refused, reset, closed, truncated",
    promise: "retried: TransportError; Other with `ERR_NETWORK` where the runtime does not tell what happened",
    equivalent: "the words of each runtime; `packages/runtimes` makes the faults on the runtimes themselves"
  },
  115: {
    group: "Tenants and runtimes",
    stimulus: "node-runtime on Bun, which replaces undici",
    promise: "ConfigError that says to use core over fetch, 0 requests",
    equivalent: "a process that says it is Bun; `packages/runtimes` asks Bun itself"
  },
  117: {
    group: "Tenants and runtimes",
    stimulus:
      "`AsyncLocalStorage` around each call, connections shared, queued and retried, in sequence and in parallel",
    promise:
      "code after the call sees the store of its own caller; spans of OpenTelemetry's undici instrumentation have the right parent"
  },
  119: {
    group: "Errors that say more",
    stimulus:
      "64 KiB of nesting, escapes, and what is nearly a secret, in every known encoding, as the body of an error",
    promise: "the same details as of any body, in less than 10 ms of CPU once warm",
    equivalent: "the client over a transport without sockets, by the CPU time of its process"
  },
  120: {
    group: "Errors that say more",
    stimulus: "407 and 421",
    promise: "not retried: UnexpectedStatus",
    exceptions: {
      fetch: "the same; Node's fetch sends a request again after a 421, and tells nobody"
    }
  },
  121: {
    group: "Errors that say more",
    stimulus: "a reason phrase of 1 MB",
    promise: "counts as headers: Malformed, not retried",
    exceptions: {
      fetch: "a session: fetch keeps the end of the phrase only, and shows nobody its length"
    }
  },
  116: {
    group: "Tenants and runtimes",
    stimulus: "the whole suite beside two busy processes on two cores",
    promise: "green: bounds are measured against the lag of the event loop, not against an idle machine",
    equivalent:
      "`test` calls beside an event loop that is blocked again and again; `test:busy` runs the whole suite beside busy processes"
  },
  107: {
    group: "Sessions as they come",
    stimulus: "a session in progress with a duration",
    promise: "decoded; `duration` is the time so far, and only `status` and `end_time` say that it is in progress"
  },
  122: {
    group: "Tenants and runtimes",
    stimulus: "the sandbox, asked for `/API/VIDEO/…`, a trailing slash, `//api`, other methods",
    promise: "404, and 405 with Allow for other methods on the path of the endpoint; JSON"
  }
} as const satisfies Readonly<Record<number, Row>>

export type Number = keyof typeof rows

/** By number. */
export const matrix: Readonly<Record<Number, Row>> = rows

/** What happens instead of the promise of a row, where a transport does not keep it. */
export const exceptionOf = (number: Number, transport: Transport): string | undefined =>
  transport === "undici" ? undefined : matrix[number].exceptions?.[transport]
