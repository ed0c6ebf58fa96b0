/** The token that calls carry, and how a new one is had. */
export * as AccessToken from "./auth/AccessToken.ts"
/** Whose tokens a call uses. */
export * as CurrentUser from "./auth/CurrentUser.ts"
/** Miro's OAuth 2.0. */
export * as MiroOAuth from "./auth/MiroOAuth.ts"
/** The tokens of one user as they are stored. */
export * as TokenRecord from "./auth/TokenRecord.ts"
/** Where tokens are kept. */
export * as TokenStorage from "./auth/TokenStorage.ts"
/** Boards. */
export * as Boards from "./boards/Boards.ts"
/** Items of every type on a board. */
export * as Items from "./boards/Items.ts"
/** Sticky notes. */
export * as StickyNotes from "./boards/StickyNotes.ts"
/** The client that all operations go through. */
export * as MiroClient from "./client/MiroClient.ts"
/** The one error of this package. */
export * as MiroError from "./client/MiroError.ts"
/** Declares operations. */
export * as Operation from "./client/Operation.ts"
/** How a list is read page by page. */
export * as Pagination from "./client/Pagination.ts"
/** What requests cost. */
export * as RateLimit from "./client/RateLimit.ts"
/** When a call is made again. */
export * as Retry from "./client/Retry.ts"
/** Access tokens, as Miro sees them. */
export * as Tokens from "./tokens/Tokens.ts"
