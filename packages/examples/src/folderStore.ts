import { FileSystem, KeyValueStore, Path } from "@effect/platform"
import { Effect, Layer, Option } from "effect"
import { randomUUID } from "node:crypto"

/**
 * `KeyValueStore.layerFileSystem`, whose `set` empties a file before it writes it. Here `set`, and `modify` with it, replaces a value as a
 * whole: a process that is killed leaves the old one or the new one. It may also leave a file that ends with `.new`.
 */
export const layerFolder = (folder: string) =>
  Layer.effect(
    KeyValueStore.KeyValueStore,
    Effect.gen(function*() {
      const { clear, get, getUint8Array, remove, set, size } = yield* KeyValueStore.KeyValueStore
      const { rename } = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const pathOf = (key: string) => join(folder, encodeURIComponent(key))
      const replace = (key: string, value: string | Uint8Array) =>
        Effect.suspend(() => {
          // another process may write the same key
          const written = `${key}.${randomUUID()}.new`
          return set(written, value).pipe(
            Effect.zipRight(rename(pathOf(written), pathOf(key))),
            Effect.onError(() => Effect.ignore(remove(written))),
            // an interrupted write can still make its file
            Effect.uninterruptible
          )
        })
      return KeyValueStore.make({
        clear,
        get,
        getUint8Array,
        remove,
        size,
        set: replace,
        modifyUint8Array: (key, change) =>
          Effect.flatMap(
            getUint8Array(key),
            Option.match({
              onNone: () => Effect.succeedNone,
              onSome: value => {
                const changed = change(value)
                return Effect.as(replace(key, changed), Option.some(changed))
              }
            })
          )
      })
    })
  ).pipe(Layer.provide(KeyValueStore.layerFileSystem(folder)))
