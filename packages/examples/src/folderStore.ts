import { FileSystem, KeyValueStore, Path } from "@effect/platform"
import { Effect, Layer } from "effect"

/**
 * `KeyValueStore.layerFileSystem`, whose `set` empties a file before it writes it. Here `set` replaces a value as a whole: a process that
 * is killed leaves the old one or the new one.
 */
export const layerFolder = (folder: string) =>
  Layer.effect(
    KeyValueStore.KeyValueStore,
    Effect.gen(function*() {
      const store = yield* KeyValueStore.KeyValueStore
      const { rename } = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const pathOf = (key: string) => join(folder, encodeURIComponent(key))
      return KeyValueStore.make({
        ...store,
        set: (key, value) => Effect.zipRight(store.set(`${key}.new`, value), rename(pathOf(`${key}.new`), pathOf(key)))
      })
    })
  ).pipe(Layer.provide(KeyValueStore.layerFileSystem(folder)))
