/**
 * The pages of a list.
 *
 * @since 1.0.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import { BadRequest, InternalServerError, Unauthorized, UnprocessableContent } from "./SignalWireError.ts"
import { nullable } from "./internal/schema/wire.ts"

/**
 * Where a page is in a list, as the service gave it. It can be stored, and passed to `resumeFrom` of the same list later; how long it
 * stays valid the service does not document.
 *
 * @since 1.0.0
 * @category models
 */
export type PageToken = string & Brand.Brand<"PageToken">

/**
 * One page of a list.
 *
 * @since 1.0.0
 * @category models
 */
export interface Page<A> {
  /** The items, in the order of the service. */
  readonly items: ReadonlyArray<A>
  /** Where the next page is; null at the end of the list. */
  readonly next: PageToken | null
}

/**
 * How large the pages of a list are.
 *
 * @since 1.0.0
 * @category models
 */
export interface SizeOptions {
  /** Items of a page, from 1 to 1,000; default that of the service, 50. */
  readonly page_size?: number | undefined
}

/**
 * Which page of a list, and how large.
 *
 * @since 1.0.0
 * @category models
 */
export interface PageOptions extends SizeOptions {
  /**
   * The `next` of a page of the same list, also as a stored text, or the `links.next` that the service sent; its page size is that of
   * the list, whatever `page_size` is. A text without `page_token=` is `InvalidRequest`. Default, and for null: the list from its start.
   */
  readonly resumeFrom?: PageToken | (string & {}) | null | undefined
}

/** The largest page of the service. */
const maxPageSize = 1000

const PageSize = Schema.Int.pipe(Schema.between(1, maxPageSize))

/**
 * The errors that each list of the contract declares.
 *
 * @since 1.0.0
 * @category endpoints
 */
export const errors = { 400: BadRequest, 401: Unauthorized, 422: UnprocessableContent, 500: InternalServerError }

/**
 * The largest body of a page, in bytes, unless the policy has a `maxBodyBytes`: 8 MiB. A page of 1,000 sessions has some 900 KB.
 *
 * @since 1.0.0
 * @category endpoints
 */
export const maxBodyBytes = 8_388_608

/**
 * The parameters of a page in the query of an endpoint.
 *
 * @since 1.0.0
 * @category endpoints
 */
export const query = {
  page_number: Schema.compose(Schema.NumberFromString, Schema.NonNegativeInt).annotations({
    description: "a whole number of at least 0",
    jsonSchema: { type: "integer", format: "int32", minimum: 0, default: 0 }
  }),
  page_size: Schema.compose(Schema.NumberFromString, PageSize).annotations({
    description: "a whole number from 1 to 1,000",
    jsonSchema: { type: "integer", format: "int32", minimum: 1, maximum: maxPageSize, default: 50 }
  }),
  page_token: Schema.NonEmptyString.annotations({
    description: "as resumeFrom the next of a page, such as page_token=b, or its link"
  })
}

/** Of several links, only the one to the next page is needed. */
const Links = Schema.Struct({ next: nullable(Schema.String) })

/**
 * The body of a page as the service sends it, with the schema of an item.
 *
 * @since 1.0.0
 * @category endpoints
 */
export const of = <S extends Schema.Schema.AnyNoContext>(item: S) =>
  Schema.Struct({ links: nullable(Links), data: Schema.Array(item) })
