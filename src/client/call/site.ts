/**
 * Where in the user's program a call was made. Fibers have no stack that would
 * tell: when a call fails, whoever made it is long gone from it.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { MiroError } from "../../MiroError.ts"

/** The stack at a call, which an engine turns into text when somebody reads it. */
export interface CallSite {
  readonly stack?: string
}

// What V8 adds to `Error`, and others have taken over.
interface StackTraces extends Pick<ErrorConstructor, "prototype"> {
  stackTraceLimit?: number
  readonly captureStackTrace?: (target: object, below: Function) => void
}

const engine: StackTraces = Error

const descriptor = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit")

// Not every engine has this, and where intrinsics are frozen the limit cannot be set.
const isSupported = engine.captureStackTrace !== undefined && descriptor?.writable === true

// Of the user's own functions that lead to the call.
const frames = 3

// A stack costs a call in memory some microseconds, a tenth of what it costs at all. More calls in a second than Miro
// takes of a dozen users are a benchmark, or come from the same few lines.
const perSecond = 500
let left = 0
let since = -Infinity

const isAffordable = (): boolean => {
  const now = performance.now()
  if (now - since >= 1000) {
    since = now
    left = perSecond
  }
  return left-- > 0
}

/**
 * Captures where a function of this package was called. A program that sets
 * `Error.stackTraceLimit` to 0 wants none.
 */
export const capture = (called: Function): CallSite | undefined => {
  const limit = engine.stackTraceLimit
  if (!isSupported || !limit || !isAffordable()) return undefined
  const site: CallSite = {}
  engine.stackTraceLimit = Math.min(frames, limit)
  engine.captureStackTrace?.(site, called)
  engine.stackTraceLimit = limit
  return site
}

// From there on it is the runtime of Effect that calls.
const isRuntime = (line: string): boolean => /Generator\.next|~effect\/|[\\/]effect[\\/](?:dist|src)[\\/]/.test(line)

// A program can have its own say in it, by `Error.prepareStackTrace`, and make anything of it, or nothing.
const textOf = (site: CallSite): string => {
  const stack: unknown = Result.getOrUndefined(Result.try(() => site.stack))
  return Predicate.isString(stack) ? stack : ""
}

const ownFrames = (site: CallSite): ReadonlyArray<string> => {
  const lines = textOf(site)
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
  const end = lines.findIndex(isRuntime)
  return end === -1 ? lines : lines.slice(0, end)
}

/**
 * Lets the stacks of an error and its reason name the call, instead of where
 * this package found out that it failed.
 */
export const mark = (error: MiroError, site: CallSite | undefined): MiroError => {
  const frames = site === undefined ? [] : ownFrames(site)
  if (frames.length === 0) return error
  for (const each of [error, error.reason]) each.stack = [`${each.name}: ${each.message}`, ...frames].join("\n")
  return error
}
