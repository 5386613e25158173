/**
 * Whether `NO_PROXY` excludes a host, as undici reads it: names of hosts or of their domains, with commas or blanks between them, `*` for
 * all.
 */
export const isExcluded = (noProxy: string, host: string, port: number): boolean => {
  if (noProxy.trim() === "*") return true
  return noProxy.split(/[,\s]+/).filter(entry => entry !== "").some(entry => {
    const [, name = "", own] = /^(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
    if (own !== undefined && Number(own) !== port) return false
    const excluded = name.replace(/^\*?\./, "")
    return host === excluded || host.endsWith(`.${excluded}`)
  })
}
