import { RoomSessions } from "@effect-signalwire/core"
import { RoomSessionFixture } from "@effect-signalwire/core/testing"
import { NodeSignalWire } from "@effect-signalwire/node-runtime"
import { SandboxSpace } from "@effect-signalwire/sandbox"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { execFile } from "node:child_process"
import { request } from "node:http"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Browser, Page } from "playwright-core"
import * as browser from "./browser.ts"
import { get, send } from "./http.ts"

const [designReview, , webinar] = SandboxSpace.seeds

const withSandbox = <E>(
  test: (space: SandboxSpace.Service) => Effect.Effect<void, E>,
  options: Omit<SandboxSpace.Options, "port"> = {}
) =>
() =>
  Effect.flatMap(SandboxSpace.SandboxSpace, test).pipe(
    Effect.provide(SandboxSpace.layerTestWith({ control: true, ...options }))
  )

const tokenOf = ({ control }: SandboxSpace.Service): string =>
  control === undefined ? "none" : Redacted.value(control.token)

const withToken = (space: SandboxSpace.Service): string => `${space.url}/#token=${tokenOf(space)}`

/** The status with which a request for another host is rejected. */
const statusFor = (url: string, host: string) =>
  Effect.async<number | undefined>(resume => {
    request(url, { headers: { host } }, response => {
      response.resume()
      resume(Effect.succeed(response.statusCode))
    }).end()
  })

const names = ["console.css", "console.js", "icon.svg", "reference", "reference.js", "swagger-ui.css", "swagger-ui.js"]

describe("the files of the console", () => {
  it("the generated files are those of packages/sandbox/console and of swagger-ui-dist", async () => {
    const script = fileURLToPath(new URL("../scripts/console.mjs", import.meta.url))
    const { stderr } = await promisify(execFile)(process.execPath, [script, "--check"])
    assert.strictEqual(stderr, "")
  })

  it.live(
    "the page and its files have a Content-Security-Policy without inline scripts and other hosts",
    withSandbox(({ url }) =>
      Effect.gen(function*() {
        for (const path of ["/", ...names.map(name => `/_console/${name}`)]) {
          const { headers, status } = yield* send(url + path)
          assert.strictEqual(status, 200, path)
          const policy = headers["content-security-policy"] ?? ""
          assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; /)
          assert.notMatch(policy, /unsafe|https?:/)
          assert.match(policy, /frame-ancestors 'none'/)
          assert.strictEqual(headers["x-content-type-options"], "nosniff")
        }
      })
    )
  )

  it.live(
    "a page of another site gets neither the console nor its files",
    withSandbox(({ url }) =>
      Effect.gen(function*() {
        for (const path of ["/", "/_sandbox/connection.json", "/_console/console.js"]) {
          assert.strictEqual(yield* statusFor(url + path, "rebound.example"), 403, path)
          const foreign: ReadonlyArray<Record<string, string>> = [
            { origin: "https://example.com" },
            { "sec-fetch-site": "cross-site" }
          ]
          for (const headers of foreign) assert.strictEqual((yield* send(url + path, { headers })).status, 403, path)
        }
      })
    )
  )

  it.live("without the option control there is no console", () =>
    Effect.gen(function*() {
      const { url } = yield* SandboxSpace.SandboxSpace
      assert.strictEqual((yield* send(`${url}/`)).status, 404)
      assert.strictEqual((yield* send(`${url}/_console/console.js`)).status, 404)
    }).pipe(Effect.provide(SandboxSpace.layerTest)))

  it.live(
    "requests of the console are not recorded",
    withSandbox(space =>
      Effect.gen(function*() {
        yield* send(space.url)
        yield* send(`${space.url}/_sandbox/connection.json`)
        assert.deepStrictEqual(yield* space.requests, [])
      })
    )
  )

  it.live(
    "the token that a test gives to the sandbox is in nothing that the console shows",
    withSandbox(({ url }) =>
      Effect.gen(function*() {
        for (const name of ["connection.json", ...names]) {
          const { body } = yield* send(`${url}/_console/${name}`)
          assert.notInclude(body, "token-of-a-space", name)
        }
        const { body } = yield* send(`${url}/_sandbox/connection.json`)
        assert.include(body, "curl -u 'project':\\\"$SIGNALWIRE_API_TOKEN\\\"")
      }), { projectId: "project", apiToken: Redacted.make("token-of-a-space") })
  )

  it.live(
    "the lines to copy have the address by which the browser reaches the sandbox",
    withSandbox(({ url }) =>
      Effect.gen(function*() {
        const local = url.replace("127.0.0.1", "localhost")
        const { body } = yield* send(`${local}/_sandbox/connection.json`)
        assert.include(body, `"url":"${local}"`)
        assert.include(body, `export SIGNALWIRE_SPACE='${local.replace("http://", "")}'`)
        assert.include(body, "export SIGNALWIRE_API_TOKEN='sandbox-token'")
      })
    )
  )
})

const isMissing = browser.executable === undefined

/** Whether axe checks every state of the page, which takes 25 s of CPU time: `pnpm test:console`. */
const isThorough = process.env["CONSOLE"] === "thorough"

describe("the console in Chromium", () => {
  let chromium: Browser | undefined

  beforeAll(async () => {
    if (!isMissing) chromium = await browser.launch()
  })
  afterAll(() => chromium?.close())

  it.skipIf(isMissing)("Chromium is installed", () => assert.isDefined(chromium))

  const inBrowser = (url: string, options: Parameters<typeof browser.open>[2] = {}) =>
    Effect.suspend(() => chromium === undefined ? Effect.die("no Chromium") : browser.open(chromium, url, options))

  const attributeOf = (page: Page, name: string, attribute: string) =>
    Effect.promise(() => page.getByRole("switch", { name, exact: true }).getAttribute(attribute))

  const until = (page: Page, name: string, checked: boolean) =>
    Effect.promise(() => page.getByRole("switch", { name, exact: true, checked }).waitFor())

  const rows = (page: Page) => page.locator("#log").getByRole("row")

  it.live.skipIf(isMissing)(
    "a client that retries after two 500s is three rows, which appear when they happen",
    () =>
      Effect.gen(function*() {
        const space = yield* SandboxSpace.SandboxSpace
        const { origins, page, problems } = yield* inBrowser(withToken(space))
        yield* Effect.promise(() => page.getByText("No requests yet.").waitFor())
        yield* Effect.promise(() => page.getByRole("combobox", { name: "Requests" }).selectOption("2"))
        yield* Effect.promise(() => page.getByRole("switch", { name: "500", exact: true }).click())
        yield* until(page, "500", true)

        const sessions = yield* RoomSessions.RoomSessions
        assert.deepStrictEqual(yield* sessions.get(designReview.id), designReview)
        yield* Effect.promise(() => rows(page).nth(2).waitFor())
        yield* Effect.promise(() => page.locator("#log").getByText("200", { exact: true }).waitFor())
        const shown = yield* Effect.promise(() => rows(page).getByRole("cell").allInnerTexts())
        assert.deepStrictEqual([0, 5, 10].map(row => [shown[row + 2], shown[row + 3]]), [
          ["200", "3"],
          ["500", "2"],
          ["500", "1"]
        ])
        assert.include(shown[1], designReview.id)
        // both requests have had the fault
        yield* until(page, "500", false)
        assert.deepStrictEqual([problems, [...origins]], [[], [space.url]])
      }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerWired(NodeSignalWire.layer, { control: true })))
  )

  it.live.skipIf(isMissing)(
    "a fault is switched on and off with the keyboard",
    withSandbox(space =>
      Effect.gen(function*() {
        const { page } = yield* inBrowser(withToken(space))
        yield* until(page, "503", false)
        yield* Effect.promise(async () => {
          for (let presses = 0; presses < 60; presses++) {
            await page.keyboard.press("Tab")
            if (await page.evaluate("document.activeElement?.textContent") === "503") break
          }
          await page.keyboard.press("Space")
        })
        yield* until(page, "503", true)
        assert.strictEqual((yield* get(space, webinar.id)).status, 503)
        yield* Effect.promise(() => page.keyboard.press("Enter"))
        yield* until(page, "503", false)
        assert.strictEqual((yield* get(space, webinar.id)).status, 200)
      }).pipe(Effect.scoped)
    )
  )

  it.live.skipIf(isMissing)(
    "sessions, members and faults that change elsewhere change on the page",
    withSandbox(space =>
      Effect.gen(function*() {
        const { page } = yield* inBrowser(withToken(space))
        const session = page.locator("#sessions > li", { hasText: webinar.display_name ?? "" })
        yield* Effect.promise(() => session.locator("summary").click())
        yield* space.addMember(webinar.id, { name: "Hypatia <b>" })
        yield* space.faults({ type: "status", status: 418 })
        yield* Effect.promise(() => session.getByText("Hypatia <b>").waitFor())
        yield* Effect.promise(() => page.getByText("status, status 418").waitFor())
        yield* Effect.promise(() => session.getByRole("button", { name: "End session" }).click())
        yield* Effect.promise(() => session.getByText("completed", { exact: true }).first().waitFor())
        const { sessions } = yield* space.contents
        assert.strictEqual(sessions.find(({ id }) => id === webinar.id)?.status, "completed")
      }).pipe(Effect.scoped)
    )
  )

  it.live.skipIf(isMissing)(
    "without the token of the sandbox nothing can be changed, and no other token is stored",
    withSandbox(space =>
      Effect.gen(function*() {
        const { page } = yield* inBrowser(`${space.url}/#token=PT-of-a-space`)
        const stored = () => Effect.promise(() => page.evaluate("JSON.stringify([sessionStorage, localStorage])"))
        yield* until(page, "503", false)
        assert.isNotNull(yield* attributeOf(page, "503", "disabled"))
        yield* Effect.promise(async () => {
          await page.locator("#token-input").fill("PT-of-a-space")
          await page.keyboard.press("Enter")
          await page.getByText("This is not the token of this sandbox.").waitFor()
        })
        assert.strictEqual(yield* stored(), "[{},{}]")
        assert.strictEqual(page.url(), `${space.url}/`)
        assert.notInclude(yield* Effect.promise(() => page.content()), "PT-of-a-space")
        yield* Effect.promise(async () => {
          await page.locator("#token-input").fill(tokenOf(space))
          await page.keyboard.press("Enter")
          await page.locator("#token").waitFor({ state: "hidden" })
          await page.reload()
        })
        yield* Effect.promise(() => page.getByRole("switch", { name: "503", exact: true, disabled: false }).waitFor())
        assert.include(yield* stored(), tokenOf(space))
      }).pipe(Effect.scoped)
    )
  )

  it.live.skipIf(isMissing)(
    "a sandbox that other machines can reach shows nothing without its token, and everything with it",
    withSandbox(
      space =>
        Effect.gen(function*() {
          const { page, problems } = yield* inBrowser(space.url)
          yield* Effect.promise(async () => {
            await page.getByText("Other machines can reach this sandbox.").waitFor()
            await page.locator("main").waitFor({ state: "hidden" })
            assert.notInclude(await page.content(), designReview.id)
            await page.locator("#token-input").fill(tokenOf(space))
            await page.keyboard.press("Enter")
            await page.locator(`#sessions pre:text("${designReview.id}")`).waitFor({ state: "attached" })
          })
          yield* get(space, webinar.id)
          yield* Effect.promise(() => page.locator("#log").getByText("200", { exact: true }).waitFor())
          yield* Effect.promise(async () => {
            await page.getByRole("link", { name: "Control endpoint" }).click()
            await page.locator(".opblock").first().waitFor()
          })
          // the browser itself reports the 401
          assert.deepStrictEqual(problems.filter(problem => !problem.includes("401")), [])
        }).pipe(Effect.scoped),
      { host: "0.0.0.0" }
    )
  )

  /** Checks the page against WCAG 2.2 AA, and one of the sandbox's own against the best practices of axe too. */
  const isAccessible = (page: Page, state: string, rules = [...browser.wcag, "best-practice"]) =>
    Effect.map(browser.problemsOf(page, rules), found => assert.deepStrictEqual(found, [], state))

  const rules = "axe finds nothing in light and in dark, at 380 and 1,280 px, where no page scrolls sideways"

  it.live.skipIf(isMissing)(`${rules}: without requests and sessions`, () =>
    Effect.gen(function*() {
      const space = yield* SandboxSpace.SandboxSpace
      const { page } = yield* inBrowser(withToken(space))
      yield* Effect.promise(() => page.getByText("The space has no sessions.").waitFor())
      yield* isAccessible(page, "empty")
    }).pipe(Effect.scoped, Effect.provide(SandboxSpace.layerTestWith({ control: true, sessions: [] }))))

  it.live.skipIf(isMissing || !isThorough)(
    `${rules}: with requests, sessions and faults, and the OpenAPI document`,
    withSandbox(space =>
      Effect.gen(function*() {
        yield* space.respondNext(500, 404)
        const { page, problems } = yield* inBrowser(withToken(space))
        for (const { id } of SandboxSpace.seeds) yield* get(space, id)
        yield* Effect.promise(() => rows(page).nth(5).waitFor())
        yield* Effect.promise(() => page.locator("summary").first().click())
        yield* isAccessible(page, "sessions")
        const long = `<b>${"W".repeat(190)}`
        const kickOff = yield* space.put(RoomSessionFixture.inProgress({ name: long, display_name: long }))
        yield* space.addMember(kickOff.id, { name: long })
        yield* space.faults(
          { type: "status", status: 418, body: `<p>${long}</p>` },
          { type: "reset", operation: "RoomSessions.list" }
        )
        yield* until(page, "Reset", true)
        yield* Effect.promise(() => page.locator("summary", { hasText: "WWW" }).click())
        yield* isAccessible(page, "faults and long names")
        yield* Effect.promise(async () => {
          await page.setViewportSize({ width: 380, height: 900 })
          const [pause, clear] = await Promise.all(
            ["#pause", "#clear-requests"].map(id => page.locator(id).boundingBox())
          )
          assert.strictEqual(pause?.y, clear?.y)
        })
        // an operation of each method, with parameters, bodies and examples
        for (const [name, methods] of [["video", ["get"]], ["control", ["get", "put", "patch", "delete"]]] as const) {
          yield* Effect.promise(async () => {
            await page.goto(`${space.url}/_console/reference?document=${name}`)
            for (const method of methods) {
              await page.locator(`.opblock-${method} .opblock-summary-control`).first().click()
            }
          })
          yield* isAccessible(page, `the OpenAPI document ${name}`, browser.wcag)
        }
        assert.deepStrictEqual(problems, [])
      }).pipe(Effect.scoped)
    )
  )

  it.live.skipIf(isMissing || !isThorough)(
    `${rules}: while the token is missing or wrong`,
    withSandbox(space =>
      Effect.gen(function*() {
        const { page } = yield* inBrowser(space.url)
        yield* until(page, "503", false)
        yield* isAccessible(page, "only to read")
        yield* Effect.promise(() =>
          page.locator(".actions input:enabled").count().then(count => assert.strictEqual(count, 0))
        )
        yield* Effect.promise(async () => {
          await page.locator("#token-input").fill("wrong")
          await page.keyboard.press("Enter")
          await page.getByText("This is not the token of this sandbox.").waitFor()
        })
        yield* isAccessible(page, "an error")
      }).pipe(Effect.scoped)
    )
  )

  it.live.skipIf(isMissing || !isThorough)(
    `${rules}: while a sandbox that other machines can reach has no token`,
    withSandbox(space =>
      Effect.gen(function*() {
        const { page } = yield* inBrowser(space.url)
        yield* Effect.promise(() => page.getByText("Other machines can reach this sandbox.").waitFor())
        yield* isAccessible(page, "locked")
        yield* Effect.promise(async () => {
          await page.goto(`${space.url}/_console/reference?document=video`)
          await page.getByText("this document needs its token").waitFor()
        })
        yield* isAccessible(page, "the locked OpenAPI document", browser.wcag)
      }).pipe(Effect.scoped), { host: "0.0.0.0" })
  )

  it.live.skipIf(isMissing || !isThorough)(`${rules}: when the sandbox has ended`, () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(SandboxSpace.layerTestWith({ control: true }), scope)
      const { page } = yield* inBrowser(withToken(Context.get(context, SandboxSpace.SandboxSpace)))
      yield* until(page, "503", false)
      yield* Scope.close(scope, Exit.void)
      yield* Effect.promise(async () => {
        await page.getByText("Disconnected").waitFor()
        await page.getByRole("switch", { name: "503", exact: true }).click()
        await page.getByText("The sandbox does not respond.").waitFor()
      })
      yield* isAccessible(page, "disconnected")
    }).pipe(Effect.scoped))
})
