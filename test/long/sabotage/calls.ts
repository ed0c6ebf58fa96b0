/** Faults in what becomes of a call: where it goes, and what its error says. */
import type { Sabotage } from "./sabotage.ts"

const baseUrl = ["test/client/baseUrl.test.ts"]

export const calls: ReadonlyArray<Sabotage> = [
  {
    name: "a token that goes to another API",
    file: "src/client/MiroClient.ts",
    find: "?? foreignTokens(accessToken, baseUrl, options)",
    replace: "",
    tests: baseUrl
  },
  {
    name: "a client that does not know where its tokens are from",
    file: "src/auth/AccessToken.ts",
    find: "baseUrl: oauth.baseUrl,",
    replace: "",
    tests: baseUrl
  }
]
