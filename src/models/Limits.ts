/**
 * Checks of the limits that Miro documents for inputs. None of them is for what
 * Miro responds.
 */
import * as Schema from "effect/Schema"

/**
 * Limits by the names that OpenAPI has for them. They are in the annotations of
 * a check, for whoever compares the declarations with Miro's document.
 *
 * @category models
 */
export interface Limits {
  /** The fewest characters of a text. */
  readonly minLength?: number
  /** The most characters of a text. */
  readonly maxLength?: number
  /** The fewest elements of a list. */
  readonly minItems?: number
  /** The most elements of a list. */
  readonly maxItems?: number
  /** The smallest number, which is allowed itself. */
  readonly minimum?: number
  /** The largest number, which is allowed itself. */
  readonly maximum?: number
}

type Annotations = Schema.Annotations.Filter

const range = (minimum: number, maximum: number): string =>
  minimum <= 0 ? `at most ${maximum}` : maximum === Infinity ? `at least ${minimum}` : `${minimum} to ${maximum}`

const isWithin = (value: number, minimum: number, maximum: number): boolean => value >= minimum && value <= maximum

// Miro may count less than there is, but hardly less than this: what looks like one character can be several.
const count = (text: string): number => Array.from(text).length

/**
 * How many characters a text has.
 *
 * @category checks
 */
export const characters = (minimum: number, maximum: number, annotations?: Annotations) =>
  Schema.makeFilter((text: string) => isWithin(count(text), minimum, maximum), {
    expected: `${range(minimum, maximum)} characters`,
    limits: { minLength: minimum, maxLength: maximum } satisfies Limits,
    ...annotations
  })

// A tag that is not closed reaches to the end. Were it none, each `<` would be searched to the end, in quadratic time.
const markup = /<[^>]*(?:>|$)|&#?\w+;/g

/**
 * How many characters a text has, markup aside.
 *
 * @category checks
 */
export const shownCharacters = (minimum: number, maximum: number) =>
  Schema.makeFilter(
    (html: string) =>
      isWithin(count(html.replaceAll(markup, (found) => (found.startsWith("&") ? " " : ""))), minimum, maximum),
    {
      expected: `${range(minimum, maximum)} characters`,
      limits: { minLength: minimum, maxLength: maximum } satisfies Limits
    }
  )

/**
 * How many elements a list has.
 *
 * @category checks
 */
export const elements = (minimum: number, maximum: number) =>
  Schema.makeFilter((list: ReadonlyArray<unknown>) => isWithin(list.length, minimum, maximum), {
    expected: `${range(minimum, maximum)} elements`,
    limits: { minItems: minimum, maxItems: maximum } satisfies Limits
  })

/**
 * How large a number is.
 *
 * @category checks
 */
export const between = (minimum: number, maximum: number) =>
  Schema.makeFilter((value: number) => isWithin(value, minimum, maximum), {
    expected: `a number, ${range(minimum, maximum)}`,
    limits: { minimum, maximum } satisfies Limits
  })

const number = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*$/

/**
 * The same for a number that Miro takes as a text. What is no number is for
 * Miro to refuse.
 *
 * @category checks
 */
export const betweenText = (minimum: number, maximum: number) =>
  Schema.makeFilter((text: string) => !number.test(text) || isWithin(Number(text), minimum, maximum), {
    expected: `a number as a text, ${range(minimum, maximum)}`,
    limits: { minimum, maximum } satisfies Limits
  })

/**
 * The same for a percentage, which is a text too.
 *
 * @category checks
 */
export const percentage = Schema.makeFilter(
  (text: string) => !text.endsWith("%") || !number.test(text.slice(0, -1)) || isWithin(Number.parseFloat(text), 0, 100),
  { expected: "0% to 100%" }
)
