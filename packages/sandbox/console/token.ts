/** The token that the sandbox has accepted. It is kept in the tab, for its other pages and for the next time that they are loaded. */
const key = "signalwire-sandbox-token"

export const stored = (): string | null => sessionStorage.getItem(key)

export const store = (token: string | undefined): void => {
  if (token === undefined) sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, token)
}

/** The header of a request with the token; none without one. */
export const authorization = (token: string | null | undefined): Readonly<Record<string, string>> =>
  token === null || token === undefined ? {} : { authorization: `Bearer ${token}` }
