/**
 * Builds and packs a copy of the repository in another folder, and compares the tarballs byte for byte with those of
 * `pnpm release:pack`.
 */
import { createHash } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { copyTo } from "../versions/copy.ts"
import { pnpm } from "../versions/run.ts"
import { type Tarball, tarballs, tarballsIn } from "./tarballs.ts"

const hashesOf = async (all: ReadonlyArray<Tarball>): Promise<ReadonlyMap<string, string>> =>
  new Map(
    await Promise.all(all.map(async ({ path }) => {
      const hash = createHash("sha256").update(await readFile(path)).digest("hex")
      return [basename(path), hash] as const
    }))
  )

const folder = await mkdtemp(join(tmpdir(), "reproduce-"))
try {
  await copyTo(folder)
  await pnpm(["install", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts"], folder)
  await pnpm(["run", "release:pack"], folder)
  const [first, second] = await Promise.all([tarballs, tarballsIn(join(folder, "packed"))].map(hashesOf))
  if (first === undefined || first.size === 0) throw new Error("There are no tarballs: run pnpm release:pack before")
  for (const [file, hash] of first) {
    const other = second?.get(file)
    console.log(`${hash} ${file}${other === hash ? "" : `: a second build has ${other ?? "none"}`}`)
    if (other !== hash) process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
