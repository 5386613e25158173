import type { Faults } from "./fault.ts"

export const lists = {
  "a page that is cut short is requested again, and the pages before it are not": {
    number: 123,
    retried: true,
    detail:
      "closed or reset in its body; after its retries it is TransportError, after the sessions of the pages before it"
  },
  "nothing is sent to the host of a link, and a link to another list is InvalidResponse": {
    number: 124,
    retried: false,
    detail:
      "https and http, `//host`, another port of 127.0.0.1, localhost for 127.0.0.1: 0 connections at the target, the next page is requested from the gateway; credentials in the URL, `file:`, `javascript:`, another path: InvalidResponse"
  },
  "a link with CRLF, blanks, backslashes or 10,000 characters is InvalidResponse": {
    number: 125,
    retried: false,
    detail: "nothing is sent, whatever the rest of the link"
  },
  "pages in a loop are InvalidResponse": {
    number: 126,
    retried: false,
    detail: "a page that leads to itself, to the page before it, or to the second page of many"
  },
  "an endless run of empty pages is InvalidResponse after 101 of them": { number: 127, retried: false },
  "a page of 1,000 sessions is read, and one above 8 MiB is InvalidResponse TooLarge": {
    number: 128,
    retried: false,
    detail: "by its Content-Length before the body is read, or in chunks without an end"
  },
  "a list that failed resumes from the page that failed": {
    number: 129,
    detail: "`listPage` returns the token of the next page, and `resumeFrom` accepts it"
  },
  "100,000 sessions in 100 pages grow no heap": {
    number: 130,
    detail: "each page is garbage when the next one is read"
  }
} satisfies Faults
