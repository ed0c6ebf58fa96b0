/**
 * What the contract test sees otherwise than the document.
 */
import { Array as Arr, Predicate } from "effect"

export interface Reshaped {
  readonly reason: string
  /** What of a response is kept. */
  readonly kept: (response: unknown) => unknown
}

const field = (value: unknown, name: string): unknown => (Predicate.hasProperty(value, name) ? value[name] : undefined)

/** Operations that do not give a response as it came, and why. */
export const reshaped: Readonly<Record<string, Reshaped>> = {
  "enterprise-get-organization-members": {
    reason: "the document has an array where it was asked for email addresses, and a list is always a page here",
    kept: (response) => (Array.isArray(response) ? { data: response } : response)
  },
  getItemsByGroupId: {
    reason: "the document has the items in pages of their own, in a group, and a list of items is one here",
    kept: (response) => ({
      ...(Predicate.isObject(response) ? response : {}),
      data: Arr.ensure(field(field(response, "data"), "data")).flatMap((page) => field(page, "data"))
    })
  }
}
