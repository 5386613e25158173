/** Generated from package.json by scripts/versions.mjs. */
export const version = "1.0.0-beta.0"
