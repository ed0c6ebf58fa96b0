import { type Deviation, deviations } from "../deviations.ts"
import type { Difference } from "./compare.ts"

const matches = (expected: string | RegExp | undefined, text: string): boolean =>
  expected === undefined || (typeof expected === "string" ? expected === text : expected.test(text))

const explains = (deviation: Deviation, { at, document, id, ours }: Difference): boolean =>
  (deviation.operations?.includes(id) ?? true) &&
  matches(deviation.at, at) &&
  matches(deviation.document, document) &&
  matches(deviation.ours, ours)

/** The deviations that give a reason for a difference. */
export const explanations = (difference: Difference): ReadonlyArray<Deviation> =>
  deviations.filter((deviation) => explains(deviation, difference))
