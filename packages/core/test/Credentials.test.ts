import { Credentials } from "@effect-signalwire/core"
import { assert, describe, it, vi } from "@effect/vitest"
import { Cause, Config, ConfigError, ConfigProvider, Effect, Either, Redacted } from "effect"
import { inspect } from "node:util"

const token = "PTtopsecret"

const complete: Credentials.Options = { space: "acme", projectId: "project", apiToken: Redacted.make(token) }

const accept = (changes: Partial<Credentials.Options>): Credentials.Service =>
  Either.getOrThrow(Credentials.make({ ...complete, ...changes }))

const reject = (changes: Partial<Credentials.Options>): ConfigError.ConfigError =>
  Either.getOrThrow(Either.flip(Credentials.make({ ...complete, ...changes })))

/** The error for a caller without types. */
const rejectUntyped = (changes: Readonly<Record<string, unknown>>): ConfigError.ConfigError =>
  Either.getOrThrow(Either.flip(Reflect.apply(Credentials.make, undefined, [{ ...complete, ...changes }])))

/** The text that a program prints when it fails with this error. */
const shown = (error: ConfigError.ConfigError): string => Cause.pretty(Cause.fail(error))

describe("the space", () => {
  it.each([
    "acme",
    "ACME",
    " acme ",
    "acme.signalwire.com",
    "Acme.SignalWire.com",
    "acme.signalwire.com/",
    "acme.signalwire.com/api/video",
    "https://acme.signalwire.com",
    "https://acme.signalwire.com/",
    "https://acme.signalwire.com/api/video",
    "https://acme.signalwire.com/api/video/"
  ])("the space %j is https://acme.signalwire.com", space => {
    assert.deepInclude(accept({ space }), { origin: "https://acme.signalwire.com", pathPrefix: "" })
  })

  it.each([
    ["127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["localhost:8080", "http://localhost:8080"],
    ["LocalHost:8080", "http://localhost:8080"],
    ["[::1]:8080", "http://[::1]:8080"],
    [" 127.1.2.3:8080 ", "http://127.1.2.3:8080"],
    ["127.0.0.1", "http://127.0.0.1"],
    ["localhost", "http://localhost"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://localhost:8080/api/video/", "http://localhost:8080"],
    ["localhost:8080/api/video", "http://localhost:8080"],
    ["localhost:8080/", "http://localhost:8080"],
    ["127.255.255.254:8080", "http://127.255.255.254:8080"]
  ])("the space %j is on loopback, with the origin %s", (space, origin) => {
    assert.deepInclude(accept({ space }), { origin, pathPrefix: "" })
  })

  it.each(["a", "a1", "my-space-2", "a".repeat(63)])("the space name %s is accepted", space => {
    assert.strictEqual(accept({ space }).origin, `https://${space}.signalwire.com`)
  })

  it.each([
    "",
    " ",
    "a.b",
    "a.b.signalwire.com",
    "evil.com",
    "evil.com/",
    "evil.com/.signalwire.com",
    "evil.com#.signalwire.com",
    "evil.com?.signalwire.com",
    "acme.signalwire.com.evil.com",
    "acme.signalwire.com@evil.com",
    "acme.signalwire.comx",
    "acmesignalwire.com",
    "x@y",
    "user:pass@acme.signalwire.com",
    "https://user:pass@acme.signalwire.com",
    "http://acme.signalwire.com",
    "ftp://acme.signalwire.com",
    "https://acme",
    "https://evil.com",
    "https://acme.signalwire.com:8443",
    "https://acme.signalwire.com/other",
    "https://acme.signalwire.com?x=1",
    "//acme.signalwire.com",
    "ac me",
    "ac\u0000me",
    "-acme",
    "acme-",
    "acme_1",
    "münchen",
    "аcme",
    "a".repeat(64),
    ".signalwire.com",
    "acme:8080",
    "192.168.0.1:8080",
    "0.0.0.0:8080",
    "127.0.0.1:99999",
    "127.0.0.1:0",
    "127.0.0.1:x",
    "127.0.0.999:80",
    "127.1:8080",
    "localhost.evil.com:8080",
    "127.0.0.1.evil.com:8080",
    "user@localhost:8080",
    "localhost:8080@evil.com",
    "localhost:8080/other",
    "localhost:8080?x",
    "https://localhost:8080",
    "http://192.168.0.1:8080",
    "[::2]:8080"
  ])("the space %j is rejected with an error that names what is accepted", space => {
    const error = reject({ space })
    assert.isTrue(ConfigError.isInvalidData(error))
    assert.include(shown(error), "space")
    assert.include(shown(error), "acme.signalwire.com")
  })

  it.each([undefined, null, 7, {}])(
    "the space %j, from a caller without types, is a ConfigError and not a defect",
    space => {
      assert.isTrue(ConfigError.isConfigError(rejectUntyped({ space })))
    }
  )
})

describe("the base URL", () => {
  it.each([
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080", ""],
    ["http://localhost:8080/", "http://localhost:8080", ""],
    ["http://[::1]:8080", "http://[::1]:8080", ""],
    ["http://127.1.2.3", "http://127.1.2.3", ""],
    ["https://gateway.example.com", "https://gateway.example.com", ""],
    ["https://gateway.example.com/signalwire/", "https://gateway.example.com", "/signalwire"],
    ["http://127.0.0.1:8080/api/video", "http://127.0.0.1:8080", ""],
    ["https://gateway.example.com/eu/api/video/", "https://gateway.example.com", "/eu"],
    ["https://gateway.example.com/eu//", "https://gateway.example.com", "/eu"],
    [" https://gateway.example.com ", "https://gateway.example.com", ""]
  ])("the base URL %s replaces the space", (baseUrl, origin, pathPrefix) => {
    assert.deepInclude(accept({ baseUrl, space: undefined }), { origin, pathPrefix })
  })

  it.each([
    "",
    "127.0.0.1:8080",
    "http://acme.signalwire.com",
    "http://192.168.0.1",
    "http://10.0.0.1:8080",
    "http://127.0.0.1.evil.com",
    "http://localhost.evil.com",
    "http://evil.com/127.0.0.1",
    "http://0.0.0.0:80",
    "https://user@gateway.example.com",
    "https://user:pass@gateway.example.com",
    "http://localhost@evil.com",
    "http://localhost:0",
    "https://gateway.example.com:0",
    "https://gateway.example.com/api/video/room_sessions",
    "https://gateway.example.com/api/video/api/video",
    "https://@gateway.example.com",
    "https://gateway.example.com?x=1",
    "https://gateway.example.com?",
    "https://gateway.example.com#x",
    "https://gateway.example.com/#",
    "https://gate way.example.com",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "javascript:alert(1)"
  ])("the base URL %j is rejected with an error that names what is accepted", baseUrl => {
    const error = reject({ baseUrl })
    assert.isTrue(ConfigError.isInvalidData(error))
    assert.include(shown(error), "https URL, or an http URL of this machine")
    assert.notInclude(shown(error), "pass@")
  })
})

describe("hosts over plain http", () => {
  it.each([
    [["sandbox"], "http://sandbox:4080", "http://sandbox:4080"],
    [["Sandbox"], "http://SANDBOX/api/video", "http://sandbox"],
    [["10.0.0.7", "sandbox"], "http://10.0.0.7:8080", "http://10.0.0.7:8080"],
    [["[fd00::1]"], "http://[fd00::1]:8080", "http://[fd00::1]:8080"],
    [["my_sandbox"], "http://my_sandbox:4080", "http://my_sandbox:4080"]
  ])("with the insecure hosts %j the base URL %s is accepted", (insecureHosts, baseUrl, origin) => {
    assert.deepInclude(accept({ baseUrl, insecureHosts, space: undefined }), { origin, pathPrefix: "" })
  })

  it.each([
    "http://sandbox.evil.example",
    "http://evil.example/sandbox",
    "http://sandbox@evil.example",
    "http://evil.example:80",
    "http://sandbox?x",
    "ftp://sandbox"
  ])("with the insecure host sandbox the base URL %s is rejected", baseUrl => {
    assert.include(shown(reject({ baseUrl, insecureHosts: ["sandbox"] })), "of a host of insecureHosts")
  })

  it.each([["sandbox:4080"], ["http://sandbox"], ["sandbox/x"], [""], ["a b"], ["user@sandbox"], ["*"], [
    ".example.com",
    "x?"
  ], ["127.1"]])(
    "the insecure host %j is a ConfigError that says what is accepted",
    (...insecureHosts) => {
      const error = shown(reject({ baseUrl: "http://sandbox", insecureHosts }))
      assert.include(error, "insecureHosts")
      assert.include(error, "hosts without scheme and port")
    }
  )

  it.each([
    ["localhost", true],
    ["[::1]", true],
    ["127.0.0.1", true],
    ["127.255.255.254", true],
    ["localhost.evil.com", false],
    ["my.localhost", false],
    ["x127.0.0.1", false],
    ["127.0.0.1.evil.com", false],
    ["127.0.0", false],
    ["127.0.0.1234", false],
    ["x[::1]", false],
    ["[::1]x", false],
    ["", false]
  ])("the host %j is this machine: %s", (host, isThis) => assert.strictEqual(Credentials.isLoopback(host), isThis))

  it("an insecure host changes neither a space nor an https URL", () => {
    assert.strictEqual(
      accept({ space: "acme", insecureHosts: ["acme.signalwire.com"] }).origin,
      "https://acme.signalwire.com"
    )
    assert.strictEqual(accept({ baseUrl: "https://sandbox", insecureHosts: ["sandbox"] }).origin, "https://sandbox")
  })

  const environment = (variables: Record<string, string>, options?: Credentials.ConfigOptions) =>
    Effect.withConfigProvider(
      Credentials.fromConfig(options),
      ConfigProvider.fromMap(
        new Map(Object.entries({ SIGNALWIRE_PROJECT_ID: "p", SIGNALWIRE_API_TOKEN: "t", ...variables }))
      )
    )

  const SIGNALWIRE_REST_BASE_URL = "http://sandbox:4080"

  it.effect("SIGNALWIRE_INSECURE_HOSTS has the hosts, separated by commas, and the option replaces it", () =>
    Effect.gen(function*() {
      for (const hosts of ["sandbox", "other, Sandbox,"]) {
        const service = yield* environment({ SIGNALWIRE_REST_BASE_URL, SIGNALWIRE_INSECURE_HOSTS: hosts })
        assert.strictEqual(service.origin, SIGNALWIRE_REST_BASE_URL)
      }
      const prefixed = yield* environment({
        "EU.SIGNALWIRE_PROJECT_ID": "p",
        "EU.SIGNALWIRE_API_TOKEN": "t",
        "EU.SIGNALWIRE_REST_BASE_URL": SIGNALWIRE_REST_BASE_URL,
        "EU.SIGNALWIRE_INSECURE_HOSTS": "sandbox"
      }, { prefix: "EU" })
      assert.strictEqual(prefixed.origin, SIGNALWIRE_REST_BASE_URL)
      const insecureHosts = Config.succeed(["sandbox"])
      assert.strictEqual(
        (yield* environment({ SIGNALWIRE_REST_BASE_URL }, { insecureHosts })).origin,
        SIGNALWIRE_REST_BASE_URL
      )
      for (const hosts of ["", "other", "sandbox:4080"]) {
        const error = yield* Effect.flip(environment({ SIGNALWIRE_REST_BASE_URL, SIGNALWIRE_INSECURE_HOSTS: hosts }))
        assert.include(
          shown(error),
          hosts === "sandbox:4080" ? "SIGNALWIRE_INSECURE_HOSTS" : "SIGNALWIRE_REST_BASE_URL"
        )
      }
    }))
})

describe("the project id and the token", () => {
  it.each(["", " ", "\t", " a", "a ", "a:b", ":", "a\r\nb", "a\nb", "a\u0000", "a\u007f"])(
    "the project id %j is rejected",
    projectId => {
      const error = reject({ projectId })
      assert.include(shown(error), "projectId")
      assert.include(shown(error), "without colons")
    }
  )

  it.each(["", " ", "\t\t", " wrong", "wrong ", "a\r\nx-injected: 1", "a\n", "\u0000", "a\u001bb"])(
    "the token %j is rejected and not shown",
    wrong => {
      const error = reject({ apiToken: Redacted.make(wrong) })
      assert.include(shown(error), "apiToken")
      assert.include(shown(error), "not empty")
      if (wrong.trim() !== "") assert.notInclude(shown(error), wrong)
      assert.notInclude(inspect(error, { depth: 10, showHidden: true }), "injected")
    }
  )

  it.each([token, undefined, null, 7])("the token %j that is not Redacted is rejected and not shown", apiToken => {
    const error = rejectUntyped({ apiToken })
    assert.include(shown(error), "Redacted")
    assert.notInclude(inspect(error, { depth: 10, showHidden: true }), token)
  })

  it.each(["a:b", "%+/", "Grüße", "日本語🔑", "a b"])("the token %j is accepted", value => {
    assert.strictEqual(Redacted.value(accept({ apiToken: Redacted.make(value) }).apiToken), value)
  })

  it.each<readonly [option: string, changes: Readonly<Record<string, unknown>>, accepted: string]>([
    [
      "space",
      { space: "a.b" },
      "a space (acme), its host (acme.signalwire.com) or URL (https://acme.signalwire.com), or a server on this machine " +
      "(127.0.0.1:8080); any other address is a baseUrl (SIGNALWIRE_REST_BASE_URL)"
    ],
    [
      "baseUrl",
      { baseUrl: 7 },
      "an https URL, or an http URL of this machine (localhost, 127.0.0.1, [::1]) or of a host of insecureHosts " +
      "(SIGNALWIRE_INSECURE_HOSTS), without user, query and fragment, and with nothing after /api/video, such as http://127.0.0.1:8080"
    ],
    [
      "insecureHosts",
      { insecureHosts: "sandbox" },
      "hosts without scheme and port, such as sandbox (separated by commas in a variable)"
    ],
    [
      "projectId",
      { projectId: 7 },
      "a project id: without colons, not empty, without line breaks and other control characters, without leading or trailing whitespace"
    ],
    [
      "apiToken",
      { apiToken: Redacted.make("") },
      "an API token with the Video scope (Redacted in code): not empty, without line breaks and other control characters, " +
      "without leading or trailing whitespace"
    ]
  ])("the error of the option %s says what is accepted", (option, changes, accepted) => {
    assert.deepStrictEqual(rejectUntyped(changes), ConfigError.InvalidData([option], `Expected ${accepted}`))
  })

  it("all wrong credentials are reported together", () => {
    const text = shown(reject({ space: "a.b", projectId: "", apiToken: Redacted.make("") }))
    for (const name of ["space", "projectId", "apiToken"]) assert.include(text, name)
  })

  it("the credentials do not show the token", () => {
    const service = accept({})
    for (const text of [JSON.stringify(service), inspect(service, { depth: 10, showHidden: true })]) {
      assert.notInclude(text, token)
    }
  })
})

describe("layers of credentials", () => {
  const environment = (entries: Readonly<Record<string, string>>) =>
    Effect.provide(Credentials.Credentials, Credentials.layerConfig()).pipe(
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(entries))))
    )

  const three = { SIGNALWIRE_SPACE: "acme", SIGNALWIRE_PROJECT_ID: "project", SIGNALWIRE_API_TOKEN: token }

  const without = (name: string) => Object.fromEntries(Object.entries(three).filter(([key]) => key !== name))

  it.effect("Credentials.layer provides valid credentials, and fails with a ConfigError for others", () =>
    Effect.gen(function*() {
      const service = yield* Effect.provide(Credentials.Credentials, Credentials.layer(complete))
      assert.strictEqual(service.origin, "https://acme.signalwire.com")
      const error = yield* Effect.flip(
        Effect.provide(Credentials.Credentials, Credentials.layer({ ...complete, projectId: "" }))
      )
      assert.isTrue(ConfigError.isConfigError(error))
    }))

  it.effect("Credentials.layerConfig reads the vendor's environment variables", () =>
    Effect.gen(function*() {
      const service = yield* environment(three)
      assert.deepInclude(service, { origin: "https://acme.signalwire.com", projectId: "project" })
      assert.strictEqual(Redacted.value(service.apiToken), token)
    }))

  it.effect("SIGNALWIRE_REST_BASE_URL takes precedence over SIGNALWIRE_SPACE, valid or not", () =>
    Effect.gen(function*() {
      for (const space of ["acme", "not a space"]) {
        const service = yield* environment({
          ...three,
          SIGNALWIRE_SPACE: space,
          SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:1234"
        })
        assert.strictEqual(service.origin, "http://127.0.0.1:1234")
      }
    }))

  it.effect("Credentials.layer ignores SIGNALWIRE_REST_BASE_URL", () =>
    Effect.gen(function*() {
      const service = yield* Effect.provide(Credentials.Credentials, Credentials.layer(complete)).pipe(
        Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["SIGNALWIRE_REST_BASE_URL", "http://127.0.0.1:1"]])))
      )
      assert.strictEqual(service.origin, "https://acme.signalwire.com")
    }))

  it.effect("an empty or blank variable counts as not set", () =>
    Effect.gen(function*() {
      const service = yield* environment({ ...three, SIGNALWIRE_REST_BASE_URL: "" })
      assert.strictEqual(service.origin, "https://acme.signalwire.com")
      const local = yield* environment({
        ...three,
        SIGNALWIRE_SPACE: " ",
        SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:1"
      })
      assert.strictEqual(local.origin, "http://127.0.0.1:1")
      for (const name of Object.keys(three)) {
        const error = yield* Effect.flip(environment({ ...three, [name]: " " }))
        assert.isTrue(ConfigError.isMissingData(error), name)
        assert.include(shown(error), name)
      }
    }))

  it.effect.each(["SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN", "SIGNALWIRE_SPACE"])(
    "the error of a missing %s names it",
    name =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(environment(without(name)))
        assert.include(shown(error), name)
        assert.notInclude(shown(error), token)
        assert.match("message" in error ? error.message : "", /(?:whitespace|\(SIGNALWIRE_REST_BASE_URL\))$/)
      })
  )

  it.effect.each(
    [
      ["SIGNALWIRE_SPACE", "SIGNALWIRE_SPACE_URL"],
      ["SIGNALWIRE_SPACE", "SIGNALWIRE_SPACE_NAME"],
      ["SIGNALWIRE_SPACE", "SIGNALWIRE_HOST"],
      ["SIGNALWIRE_SPACE", "SIGNALWIRE_API_HOSTNAME"],
      ["SIGNALWIRE_SPACE", "SIGNALWIRE_API_URL"],
      ["SIGNALWIRE_SPACE", "SIGNALWIRE_BASE_URL"],
      ["SIGNALWIRE_SPACE", "SIGNALWIRE_URL"],
      ["SIGNALWIRE_SPACE", "SPACE_URL"],
      ["SIGNALWIRE_SPACE", "SPACE_NAME"],
      ["SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_PROJECT"],
      ["SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_PROJECT_KEY"],
      ["SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_ACCOUNT_SID"],
      ["SIGNALWIRE_PROJECT_ID", "PROJECT_ID"],
      ["SIGNALWIRE_PROJECT_ID", "PROJECT_KEY"],
      ["SIGNALWIRE_API_TOKEN", "SIGNALWIRE_TOKEN"],
      ["SIGNALWIRE_API_TOKEN", "SIGNALWIRE_AUTH_TOKEN"],
      ["SIGNALWIRE_API_TOKEN", "SIGNALWIRE_API_KEY"],
      ["SIGNALWIRE_API_TOKEN", "SIGNALWIRE_REST_API_TOKEN"],
      ["SIGNALWIRE_API_TOKEN", "API_TOKEN"],
      ["SIGNALWIRE_API_TOKEN", "REST_API_TOKEN"],
      ["SIGNALWIRE_API_TOKEN", "AUTH_TOKEN"]
    ] as const
  )(
    "the error of a missing %s names %s when that is set, without its value",
    ([name, similar]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(environment({ ...without(name), [similar]: "PTvalue" }))
        assert.isTrue(ConfigError.isMissingData(error))
        assert.include(shown(error), `; ${similar} is set instead`)
        assert.notInclude(inspect(error, { depth: 10, showHidden: true }), "PTvalue")
        assert.notInclude(shown(yield* Effect.flip(environment({ ...without(name), [similar]: " " }))), "instead")
      })
  )

  it.effect("a similar name is read and named under the prefix of the provider, also where another provider follows it", () =>
    Effect.gen(function*() {
      const entries = { ...without("SIGNALWIRE_API_TOKEN"), SIGNALWIRE_TOKEN: "PTvalue" }
      const prefixed = Object.entries(entries).map(([name, value]) => [`EU.${name}`, value] as const)
      const nested = ConfigProvider.nested(
        ConfigProvider.fromMap(new Map([...prefixed, ["US.API_TOKEN", "other"], ["REST_API_TOKEN", "other"]])),
        "EU"
      )
      const empty = ConfigProvider.fromMap(new Map())
      for (const provider of [nested, ConfigProvider.orElse(nested, () => empty)]) {
        const error = yield* Effect.flip(Effect.withConfigProvider(Credentials.fromConfig(), provider))
        assert.include(shown(error), "EU.SIGNALWIRE_API_TOKEN")
        assert.include(shown(error), "; EU.SIGNALWIRE_TOKEN is set instead")
        assert.notInclude(shown(error), "PTvalue")
      }
    }))

  const europe = {
    space: Config.string("EU_SPACE"),
    projectId: Config.string("EU_PROJECT"),
    apiToken: Config.redacted("EU_TOKEN")
  }
  const europeIn = (variables: Readonly<Record<string, string>>) =>
    Effect.withConfigProvider(
      Credentials.fromConfig(europe),
      ConfigProvider.fromMap(new Map(Object.entries({ ...three, ...variables })))
    )

  it.effect("Credentials.fromConfig reads the given configuration in place of the vendor's variables", () =>
    Effect.gen(function*() {
      const found = yield* europeIn({
        EU_SPACE: "eu",
        EU_PROJECT: "p",
        EU_TOKEN: "t",
        SIGNALWIRE_REST_BASE_URL: "http://127.0.0.1:1"
      })
      assert.strictEqual(found.origin, "https://eu.signalwire.com")
      assert.strictEqual(found.projectId, "p")
      assert.strictEqual(Redacted.value(found.apiToken), "t")
    }))

  it.effect("a base URL that is given as configuration replaces the space, and its hosts may be given too", () =>
    Effect.gen(function*() {
      const given = { ...europe, baseUrl: Config.string("EU_URL"), insecureHosts: Config.succeed(["sandbox"]) }
      const readUrl = (EU_URL: string) =>
        Effect.withConfigProvider(
          Credentials.fromConfig(given),
          ConfigProvider.fromMap(new Map(Object.entries({ EU_PROJECT: "p", EU_TOKEN: "t", EU_URL })))
        )
      assert.strictEqual((yield* readUrl("http://sandbox:4080")).origin, "http://sandbox:4080")
      assert.include(shown(yield* Effect.flip(readUrl("http://other"))), "Invalid data at EU_URL")
    }))

  it.effect("a value in place of a Config is a ConfigError that names the option", () =>
    Effect.gen(function*() {
      for (const option of ["space", "projectId", "apiToken", "baseUrl", "insecureHosts"]) {
        const options = { ...europe, [option]: "value" }
        const read: ReturnType<typeof Credentials.fromConfig> = Reflect.apply(Credentials.fromConfig, undefined, [
          options
        ])
        const provider = ConfigProvider.fromMap(new Map([["EU_SPACE", "eu"], ["EU_PROJECT", "p"], ["EU_TOKEN", "t"]]))
        const error = yield* Effect.flip(Effect.withConfigProvider(read, provider))
        assert.deepStrictEqual(
          error,
          ConfigError.InvalidData([option], "Expected a Config, such as Config.string(\"EU_SPACE\")")
        )
      }
    }))

  it.effect("the error of wrong or missing configuration names the variables of the application", () =>
    Effect.gen(function*() {
      const text = shown(yield* Effect.flip(europeIn({ EU_SPACE: "evil.com", EU_TOKEN: "a\nb" })))
      assert.include(text, "Invalid data at EU_SPACE")
      assert.include(text, "Missing data at EU_PROJECT")
      assert.include(text, "Invalid data at apiToken")
      assert.notInclude(text, "a\nb")
    }))

  it.effect("one error names all missing and wrong variables, and does not call a missing token redacted", () =>
    Effect.gen(function*() {
      const text = shown(yield* Effect.flip(environment({})))
      for (const name of Object.keys(three)) assert.include(text, name)
      assert.include(text, "SIGNALWIRE_REST_BASE_URL")
      assert.notInclude(text, "redacted")
      const mixed = shown(yield* Effect.flip(environment({ SIGNALWIRE_SPACE: "evil.com", SIGNALWIRE_PROJECT_ID: "p" })))
      assert.include(mixed, "Invalid data at SIGNALWIRE_SPACE")
      assert.include(mixed, "Missing data at SIGNALWIRE_API_TOKEN")
    }))

  it.effect("the error of wrong values names their variables, and does not contain the token", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        environment({
          SIGNALWIRE_SPACE: "evil.com/",
          SIGNALWIRE_PROJECT_ID: "a:b",
          SIGNALWIRE_API_TOKEN: "line\r\nbreak"
        })
      )
      for (const name of Object.keys(three)) assert.include(shown(error), name)
      assert.notInclude(shown(error), "break\"")
    }))
})

describe("names of variables with a prefix", () => {
  const errorIn = (variables: Readonly<Record<string, string>>, provider = ConfigProvider.fromEnv()) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    return Credentials.fromConfig({ prefix: "US" }).pipe(
      Effect.flip,
      Effect.map(shown),
      Effect.withConfigProvider(provider),
      Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs()))
    )
  }

  it.effect("missing and invalid ones have the names that the environment has, similar ones too", () =>
    Effect.gen(function*() {
      const text = yield* errorIn({ US_SIGNALWIRE_PROJECT_ID: "a:b", US_SIGNALWIRE_TOKEN: "PTvalue" })
      assert.include(text, "Missing data at US_SIGNALWIRE_SPACE:")
      assert.include(text, "is a baseUrl (US_SIGNALWIRE_REST_BASE_URL)")
      assert.include(text, "Invalid data at US_SIGNALWIRE_PROJECT_ID:")
      assert.include(text, "Missing data at US_SIGNALWIRE_API_TOKEN:")
      assert.include(text, "; US_SIGNALWIRE_TOKEN is set instead")
      assert.notInclude(text, "US.")
      assert.notInclude(text, "PTvalue")
    }))

  it.effect("the variable without the prefix is a similar one", () =>
    Effect.gen(function*() {
      const text = yield* errorIn({ SIGNALWIRE_SPACE: "acme", SIGNALWIRE_API_TOKEN: "PTvalue" })
      assert.include(text, "; SIGNALWIRE_SPACE is set instead")
      assert.include(text, "; SIGNALWIRE_API_TOKEN is set instead")
      assert.notInclude(text, "PTvalue")
      const nested = yield* errorIn(
        { APP_SIGNALWIRE_SPACE: "acme" },
        ConfigProvider.nested(ConfigProvider.fromEnv(), "APP")
      )
      assert.include(nested, "Missing data at APP_US_SIGNALWIRE_SPACE:")
      assert.include(nested, "; APP_SIGNALWIRE_SPACE is set instead")
    }))

  it.effect("a provider with another delimiter is named as it is read", () =>
    Effect.gen(function*() {
      const provider = ConfigProvider.fromMap(new Map([["US/API_TOKEN", "t"]]), { pathDelim: "/" })
      const text = yield* errorIn({}, provider)
      assert.include(text, "Missing data at US/SIGNALWIRE_SPACE:")
      assert.include(text, "; US/API_TOKEN is set instead")
    }))
})
