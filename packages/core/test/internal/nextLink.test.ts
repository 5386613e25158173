import { assert, describe, it } from "@effect/vitest"
import { isSameList, parametersOf, toPage } from "../../src/internal/response/nextLink.ts"

const origin = "https://acme.signalwire.com"
const path = "/api/video/room_sessions"

const bodyOf = (next: unknown) => ({ links: { next }, data: ["item"] })

const isSame = (next: unknown, at = path, pathPrefix = "") => isSameList(bodyOf(next), { origin, path: at }, pathPrefix)

const withLength = (length: number): string => {
  const start = `${path}?page_token=`
  return start + "b".repeat(length - start.length)
}

describe("the link to the next page", () => {
  it.each([
    "?page_token=b",
    `${path}?page_token=b`,
    `${origin}${path}?page_token=b`,
    `${path}?page_token=b&page_number=0`,
    `${path}?page_token=b&page_number=123456789`,
    `${path}?page_token=b&page_size=1`,
    `${path}?page_token=b&page_size=999`,
    `${path}?page_token=b&page_size=1000`,
    `${path}?page_token=[b]~!`,
    withLength(4096)
  ])("the link %j leads to the same list", next => assert.isTrue(isSame(next)))

  it.each([undefined, null, "", 7, { href: `${path}?page_token=b` }])(
    "the link %j is the end of a list",
    next => {
      assert.isTrue(isSame(next))
      assert.deepStrictEqual(toPage(bodyOf(next)), { items: ["item"], next: null })
    }
  )

  it.each([{}, { links: null }, { links: undefined }, { links: "none" }])(
    "a body with the links of %j is the end of a list",
    body => {
      assert.isTrue(isSameList(body, { origin, path }, ""))
      assert.deepStrictEqual(toPage({ ...body, data: [] }), { items: [], next: null })
    }
  )

  it.each([
    withLength(4097),
    ` ${path}?page_token=b`,
    `${path}?page_token=b `,
    `${path}?page_token=b\n`,
    `\t${path}?page_token=b`,
    `${path}?page_token=ü`,
    `${path}?page_token=b\\`,
    "https://",
    `http://acme.signalwire.com${path}?page_token=b`,
    `https://other.signalwire.com${path}?page_token=b`,
    `https://user@acme.signalwire.com${path}?page_token=b`,
    `https://:password@acme.signalwire.com${path}?page_token=b`,
    "/api/video/rooms?page_token=b",
    path,
    `${path}?page_token=`,
    `${path}?page_number=1`,
    `${path}?page_token=b&page_number=`,
    `${path}?page_token=b&page_number=1234567890`,
    `${path}?page_token=b&page_number=x1`,
    `${path}?page_token=b&page_number=1x`,
    `${path}?page_token=b&page_size=`,
    `${path}?page_token=b&page_size=0`,
    `${path}?page_token=b&page_size=01`,
    `${path}?page_token=b&page_size=x1`,
    `${path}?page_token=b&page_size=1x`,
    `${path}?page_token=b&page_size=1001`,
    `${path}?page_token=b&page_size=10000`,
    `${path}?page_token=b&page_size=x1000`
  ])("the link %j does not lead to the same list", next => assert.isFalse(isSame(next)))

  it("behind a gateway the link may have the path with or without the prefix of the gateway", () => {
    const own = `/gateway${path}`
    assert.isTrue(isSame(`${path}?page_token=b`, own, "/gateway"))
    assert.isTrue(isSame(`${own}?page_token=b`, own, "/gateway"))
    assert.isFalse(isSame(`/other${path}?page_token=b`, own, "/gateway"))
    assert.isFalse(isSame(`${own}?page_token=b`))
  })

  it.each<readonly [gateway: string, prefix: string]>([
    ["https://gateway.example", ""],
    ["https://gateway.example", "/gateway"],
    ["http://127.0.0.1:8080", ""],
    ["http://acme.signalwire.com", ""],
    ["https://signalwire.com.example", ""],
    ["https://notsignalwire.com", ""]
  ])("behind the gateway %s%s the link may have another host", (gateway, prefix) => {
    const leads = (next: string) => isSameList(bodyOf(next), { origin: gateway, path: prefix + path }, prefix)
    for (
      const host of [
        "",
        gateway,
        origin,
        "http://acme.signalwire.com",
        "https://10.0.0.1:8443",
        "//acme.signalwire.com"
      ]
    ) {
      assert.isTrue(leads(`${host}${path}?page_token=b`), host)
      assert.isTrue(leads(`${host}${prefix}${path}?page_token=b`), host)
    }
    for (
      const next of [
        `ftp://acme.signalwire.com${path}?page_token=b`,
        `file://${path}?page_token=b`,
        `javascript:${path}?page_token=b`,
        `https://user@acme.signalwire.com${path}?page_token=b`,
        `https://:password@acme.signalwire.com${path}?page_token=b`,
        `${origin}/api/video/rooms?page_token=b`,
        `${origin}/other${path}?page_token=b`,
        `${origin}${path}`,
        `${origin}${path}?page_token=b&page_size=0`
      ]
    ) {
      assert.isFalse(leads(next), next)
    }
  })

  it.each(["https://acme.signalwire.com", "https://acme.signalwire.com:8443"])(
    "at the service, %s, the link has no other host",
    service => {
      for (
        const host of [`http://acme.signalwire.com`, "https://other.signalwire.com", "https://acme.signalwire.com:1"]
      ) {
        assert.isFalse(isSameList(bodyOf(`${host}${path}?page_token=b`), { origin: service, path }, ""), host)
      }
    }
  )

  it("the next of a page has the parameters of the page alone", () => {
    const next = `${path}?status=completed&page_size=2&page_token=a%26b&page_number=1`
    assert.deepStrictEqual<unknown>(toPage(bodyOf(next)).next, "page_number=1&page_size=2&page_token=a%26b")
    assert.deepStrictEqual<unknown>(toPage(bodyOf("?page_token=b")).next, "page_token=b")
  })

  it.each([7, true, {}, []])(
    "%j, in code without types, is a token that is not valid, and not the first page",
    token => {
      assert.deepStrictEqual(parametersOf(token), { page_token: token })
    }
  )

  it("the parameters of a page are those of the next before it", () => {
    assert.deepStrictEqual(parametersOf(undefined), {})
    assert.deepStrictEqual(parametersOf(null), {})
    assert.deepStrictEqual<object>(parametersOf("page_token=b"), { page_token: "b" })
    assert.deepStrictEqual<object>(parametersOf("page_number=1&page_size=2&page_token=a%26b"), {
      page_token: "a&b",
      page_number: 1,
      page_size: 2
    })
    assert.deepStrictEqual<object>(parametersOf("no token"), { page_token: "" })
  })

  it.each([path, `${origin}${path}`, ""])(
    "the parameters of a page can be those of a link with %j before its query",
    before => {
      assert.deepStrictEqual<object>(parametersOf(`${before}?page_token=b&page_number=1`), {
        page_token: "b",
        page_number: 1
      })
      assert.deepStrictEqual<object>(parametersOf(`${before}?page_number=1&page_token=a%3Fb`), {
        page_token: "a?b",
        page_number: 1
      })
    }
  )
})
