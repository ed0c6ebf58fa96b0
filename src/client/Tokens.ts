/**
 * Access tokens, as Miro sees them.
 *
 * @see https://developers.miro.com/reference/tokens
 */
import * as Operation from "./Operation.ts"
import { TokenInfo } from "../models/TokenInfo.ts"

export { TokenInfo }

/**
 * Tells for whom, in which team and with which scopes the current token calls.
 *
 * Needs no scope, and has no rate limit level.
 *
 * @category operations
 * @see https://developers.miro.com/reference/token-info
 */
export const get = Operation.make({
  id: "token-info",
  name: "Tokens.get",
  method: "GET",
  path: "/v1/oauth-token",
  level: "none",
  success: TokenInfo
})
