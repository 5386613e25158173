import { assert, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL("..", import.meta.url))
const links = Array.from(
  readFileSync(`${folder}README.md`, "utf8").matchAll(/\]\(([^)#]+)\)/g),
  ([, link = ""]) => link
)

it("the README of the examples has each file of src", () => {
  const files = readdirSync(`${folder}src`, { recursive: true, encoding: "utf8" }).filter(name => name.endsWith(".ts"))
  assert.deepStrictEqual(files.filter(name => !links.includes(`src/${name}`)), [])
})

it("the README of the examples has no link to a file that does not exist", () => {
  assert.deepStrictEqual(links.filter(link => !existsSync(`${folder}${link}`)), [])
})
