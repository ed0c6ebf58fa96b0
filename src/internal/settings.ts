import type * as Config from "effect/Config"

/**
 * The same error, which says what is wrong also where nobody handles it. A
 * `ConfigError` is no `Error`: of a promise that is rejected with one, Node
 * prints `[object Object]`, unless it has a stack of its own.
 */
export const readable = (error: Config.ConfigError): Config.ConfigError =>
  Object.defineProperty(error, "stack", { value: `ConfigError: ${error.message}`, configurable: true })
