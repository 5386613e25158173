/** Generated from package.json by scripts/versions.mjs. */
export const version = "0.0.0"
