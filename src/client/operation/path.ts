import * as Result from "effect/Result"
import type { Issue } from "../../MiroError.ts"
import * as Id from "../../models/Id.ts"

const parameter = /\{(\w+)\}/g

/**
 * The names of the parameters in a path such as
 * `/v2/boards/{boardId}/items/{itemId}`.
 */
export const parameters = (template: string): ReadonlyArray<string> =>
  Array.from(template.matchAll(parameter), ([, name]) => name ?? "")

// As most ids are, with nothing that has to be looked at twice.
const plain = /^[\w-]+=?$/

// An empty segment, `.` and `..` would turn the path into that of another,
// larger resource; percent-encoding does not protect from that, since URL
// parsers take `%2e` for a dot. The other two cannot be encoded at all, or
// only to something that proxies disagree about.
const problem = (segment: unknown): string | undefined => {
  if (segment === undefined) return "is missing"
  if (typeof segment !== "string") return "must be a string"
  if (plain.test(segment)) return undefined
  if (segment === "") return "must not be empty"
  if (segment === "." || segment === "..") return `must not be ${JSON.stringify(segment)}`
  if (/\p{Surrogate}/u.test(segment)) return "must not have a lone surrogate"
  if (/\p{Control}/u.test(segment)) return "must not have a control character"
  return Id.linkProblem(segment)
}

const encode = (segment: string): string =>
  plain.test(segment) ? segment.replace("=", "%3D") : encodeURIComponent(Id.decode(segment))

/**
 * Makes what fills a path template with percent-encoded values, or says which
 * of them cannot be a part of a path. An id that is encoded already is not
 * encoded twice.
 */
export const filler = (
  template: string
): ((values: Readonly<Record<string, unknown>>) => Result.Result<string, ReadonlyArray<Issue>>) => {
  const names = parameters(template)
  const texts = template.split(/\{\w+\}/)
  return (values) => {
    const issues: Array<Issue> = []
    let path = texts[0] ?? ""
    names.forEach((name, index) => {
      const value = values[name]
      const message = problem(value)
      if (message !== undefined) issues.push({ path: [name], message })
      else path += encode(String(value)) + texts[index + 1]
    })
    return issues.length > 0 ? Result.fail(issues) : Result.succeed(path)
  }
}
