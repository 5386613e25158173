/** The measured decoders, from the text of a session or of a page to a value. Each returns whether it accepts the text. */
import type * as Schemas from "./decoders/schemas.ts"
import type * as Zod from "./decoders/zod.ts"
import { dateKeys } from "./session.ts"

/** One session or page, as text and as bytes. */
export interface Input {
  readonly text: string
  readonly bytes: Uint8Array
}

export interface Decoder {
  readonly name: string
  readonly isOurs?: boolean
  /** Whether it rejects an invalid session. */
  readonly validates: boolean
  readonly load: () => Promise<(input: Input) => boolean>
}

const parsed = (name: string, key: keyof typeof Schemas): Decoder => ({
  name: `${name}, times as text`,
  validates: true,
  load: async () => {
    const check = (await import("./decoders/schemas.ts"))[key]()
    return ({ text }) => check(JSON.parse(text))
  }
})

const zod = (name: string, key: keyof typeof Zod): Decoder => ({
  name,
  validates: true,
  load: async () => {
    const schema = (await import("./decoders/zod.ts"))[key]
    return ({ text }) => schema.safeParse(JSON.parse(text)).success
  }
})

type Fields = Record<string, unknown>

/** The values of a session, without a check of any field. */
const withDateTimes = (toSessions: (parsed: unknown) => ReadonlyArray<Fields>): Decoder => ({
  name: "JSON.parse, 7 times DateTime",
  validates: false,
  load: async () => {
    const { unsafeMake } = await import("effect/DateTime")
    return ({ text }) => {
      const value: unknown = JSON.parse(text)
      for (const session of toSessions(value)) {
        for (const key of dateKeys) {
          const time = session[key]
          if (typeof time === "string") session[key] = unsafeMake(Date.parse(time))
        }
      }
      return value !== null
    }
  }
})

/** The decoder to which ratios refer. */
export const baseline = "zod 4, times as text"

export const decoders: ReadonlyArray<Decoder> = [
  {
    name: "effect-signalwire",
    isOurs: true,
    validates: true,
    load: async () => {
      const decode = (await import("./decoders/ours.ts")).fromText()
      return ({ text }) => decode(text)
    }
  },
  {
    name: "effect-signalwire, from bytes",
    isOurs: true,
    validates: true,
    load: async () => {
      const decode = await (await import("./decoders/ours.ts")).fromBytes()
      return ({ bytes }) => decode(bytes)
    }
  },
  {
    name: "Schema.decodeUnknownEither",
    validates: true,
    load: async () => {
      const decode = (await import("./decoders/ours.ts")).bySchema()
      return ({ text }) => decode(text)
    }
  },
  zod(baseline, "withText"),
  zod("zod 4, times as dates", "withDates"),
  parsed("valibot", "valibot"),
  parsed("ajv", "ajv"),
  parsed("arktype", "arktype"),
  parsed("typebox", "typebox"),
  { name: "JSON.parse", validates: false, load: async () => ({ text }) => JSON.parse(text) !== null },
  {
    name: "JSON.parse, UTF-8 check",
    validates: false,
    load: async () => {
      const utf8 = new TextDecoder("utf-8", { fatal: true })
      return ({ bytes }) => JSON.parse(utf8.decode(bytes)) !== null
    }
  },
  {
    name: "JSON.parse, 7 times Date.parse",
    validates: false,
    load: async () => ({ text }) => {
      const session: Record<string, string> = JSON.parse(text)
      let sum = 0
      for (const key of dateKeys) sum += Date.parse(session[key] ?? "")
      return sum > 0
    }
  },
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text is that of a session
  withDateTimes(parsed => [parsed as Fields])
]

/** The decoders of a page of sessions. */
export const pageDecoders: ReadonlyArray<Decoder> = [
  {
    name: "effect-signalwire",
    isOurs: true,
    validates: true,
    load: async () => {
      const decode = (await import("./decoders/ours.ts")).pageFromText()
      return ({ text }) => decode(text)
    }
  },
  {
    name: "Schema.decodeUnknownEither",
    validates: true,
    load: async () => {
      const decode = (await import("./decoders/ours.ts")).pageBySchema()
      return ({ text }) => decode(text)
    }
  },
  zod(baseline, "pageWithText"),
  zod("zod 4, times as dates", "pageWithDates"),
  { name: "JSON.parse", validates: false, load: async () => ({ text }) => JSON.parse(text) !== null },
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text is that of a page
  withDateTimes(parsed => (parsed as { readonly data: ReadonlyArray<Fields> }).data)
]
