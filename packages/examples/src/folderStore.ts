import { FileSystem, KeyValueStore, Path } from "@effect/platform"
import { Effect, Layer } from "effect"

/**
 * `KeyValueStore.layerFileSystem`, which empties a file before it writes it. Here a value replaces another one as a whole: a process that
 * is killed leaves the old one or the new one.
 */
export const layerFolder = (folder: string) =>
  Layer.effect(
    KeyValueStore.KeyValueStore,
    Effect.gen(function*() {
      const { clear, get, getUint8Array, remove, set, size } = yield* KeyValueStore.KeyValueStore
      const { rename } = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const pathOf = (key: string) => join(folder, encodeURIComponent(key))
      return KeyValueStore.make({
        clear,
        get,
        getUint8Array,
        remove,
        size,
        set: (key, value) => Effect.zipRight(set(`${key}.new`, value), rename(pathOf(`${key}.new`), pathOf(key)))
      })
    })
  ).pipe(Layer.provide(KeyValueStore.layerFileSystem(folder)))
