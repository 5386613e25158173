/** The sizes of bundles with core, and of the modules that its import loads. */
import {
  browserClient,
  effectAlone,
  loadedByCore,
  loadedByEffectAlone,
  ownBytes,
  ownCode,
  wholeCore,
  withFastDecoder
} from "../size.ts"
import type { Suite } from "./suite.ts"

export const size: Suite = {
  name: "size",
  everyNode: false,
  run: async ({ progress }) => {
    progress("size: bundling")
    const [own, whole, decoding, alone, browser, withCore, withoutCore] = await Promise.all([
      ownCode(),
      wholeCore(),
      withFastDecoder(),
      effectAlone(),
      browserClient(),
      loadedByCore(),
      loadedByEffectAlone()
    ])
    const row = (name: string, bytes: number, gzip: number | null, isOurs = false) => ({
      name,
      isOurs,
      cells: [{ value: bytes }, gzip === null ? null : { value: gzip }]
    })
    return [{
      title: "Size",
      note: "Bytes of bundles by esbuild for browsers, minified, and compressed by gzip -9.",
      columns: [{ name: "minified", digits: 0 }, { name: "gzip", digits: 0 }],
      rows: [
        row("core's own code", own.bytes, own.gzip, true),
        row("what core uses of Effect", alone.bytes, alone.gzip),
        row("core with what it uses of Effect", whole.bytes, whole.gzip),
        row("difference of the two above", whole.bytes - alone.bytes, whole.gzip - alone.gzip, true),
        row("what FastDecoder adds", decoding.bytes - whole.bytes, decoding.gzip - whole.gzip, true),
        row("core's part of the bundle with Effect", ownBytes(whole), null, true),
        row("a client over fetch, for a page", browser.bytes, browser.gzip)
      ]
    }, {
      title: "Loaded",
      note: "Modules that Node loads for the import of core, and the bytes of their code without comments.",
      columns: [{ name: "modules", digits: 0 }, { name: "bytes", digits: 0 }],
      rows: [
        { name: "core itself", isOurs: true, cells: [{ value: withCore.own.modules }, { value: withCore.own.bytes }] },
        {
          name: "the Effect modules that it imports",
          cells: [{ value: withoutCore.all.modules }, { value: withoutCore.all.bytes }]
        },
        {
          name: "both",
          cells: [{
            value: withCore.all.modules,
            ratio: withCore.all.modules / withoutCore.all.modules
          }, { value: withCore.all.bytes, ratio: withCore.all.bytes / withoutCore.all.bytes }]
        }
      ]
    }]
  }
}
