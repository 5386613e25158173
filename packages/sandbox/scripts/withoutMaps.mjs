/**
 * Removes the references to source maps from the compiled modules that are generated: `node packages/sandbox/scripts/withoutMaps.mjs`,
 * before the package is packed. Their sources are not published, since they have the same texts once more.
 */
import { readFile, writeFile } from "node:fs/promises"

const folder = new URL("../dist/internal/console/", import.meta.url)

for (const name of ["files.js", "files.d.ts", "swaggerUi.js", "swaggerUi.d.ts"]) {
  const file = new URL(name, folder)
  await writeFile(file, (await readFile(file, "utf8")).replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n"))
}
