/** Copies the repository. */
import { cp } from "node:fs/promises"
import { join } from "node:path"
import { root, run } from "./run.ts"

/** Copies the files that git has or would add, without what is built or installed. */
export const copyTo = async (folder: string, isCopied: (file: string) => boolean = () => true): Promise<void> => {
  const listed = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"], root)
  await Promise.all(listed.trim().split("\n").filter(isCopied).map(file => cp(join(root, file), join(folder, file))))
}
