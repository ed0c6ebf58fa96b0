/**
 * Takes secrets out of what others wrote and an error or a log line quotes:
 * the body of a response, the message of a driver, a defect.
 *
 * A secret is found in each of its spellings (see `spelling.ts`). One of eight
 * characters or more is replaced where it stands. A shorter one would riddle
 * the text, and show by the holes what it is, so a text that has it anywhere is
 * withheld as a whole; but see `quoteName`.
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Spelling from "./spelling.ts"
import type { Range } from "./spelling.ts"
import * as Thrown from "./thrown.ts"

/** How much of a text an error quotes. */
const excerptLength = 512

// By what a secret is found at the cut: a character of it takes up to twelve of percent-encoding that is encoded again.
const reach = 24 * 12 + 64

const short = 8

/** A spelling of a secret. */
interface Needle {
  readonly text: string
  /** Its beginning, which gives it away: whoever quotes may have cut the rest off. */
  readonly key: string
  readonly isShort: boolean
  readonly isBase64: boolean
}

const needle = (text: string, isShort: boolean, isBase64: boolean): Needle => ({
  text,
  key: text.length < 24 ? text : text.slice(0, 16),
  isShort,
  isBase64
})

const needlesOf = (secret: string): ReadonlyArray<Needle> => [
  ...Spelling.values(secret).map((text) => needle(text, text.length < short, false)),
  // A few digits of base64 occur in any word; the short ones are looked for in what is decoded.
  ...(secret.length < short ? [] : Spelling.inBase64(secret).map((text) => needle(text, false, true)))
]

/** Where a secret stands. */
interface Hit extends Range {
  readonly isShort: boolean
}

const secretNames = "(?:access|refresh|id)[_-]?token|client[_-]?secret|code[_-]?verifier|password"

// What stands where a secret belongs is one, whether or not it is known here.
const secretPlaces = [
  new RegExp(`(?:${secretNames})["']?\\s*[:=]\\s*(["'])(?<secret>(?:\\\\.|(?!\\1)[^\\\\])+)`, "dgi"),
  new RegExp(`(?:${secretNames})=(?<secret>[^\\s"'&,;<>)}\\]]+)`, "dgi"),
  new RegExp(`(?:${secretNames})["']\\s*:\\s*(?<secret>\\d+)`, "dgi"),
  /authorization["']?\s*[:=,]\s*["']?(?:bearer|basic)\s+(?<secret>[^\s"',;<>]+)/dgi,
  /:\/\/[^\s/?#@:"'<>]*:(?<secret>[^\s/?#"'<>]+)@/dg
]

// Long enough to be a token, and no word.
const tokenLike = /(?<secret>[\w-]{32,}|(?=[\w.~+=-]{0,99}\d)(?=[\w.~+=-]{0,99}[a-z])[\w.~+=-]{20,})/dgi

const placesIn = (text: string, places: ReadonlyArray<RegExp> = secretPlaces): ReadonlyArray<Range> =>
  places.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ({ indices }) => {
      const [start, end] = indices?.groups?.["secret"] ?? [0, 0]
      return { start, end }
    })
  )

const isBase64Digit = /[\w+/=-]/

/** Where a needle that was found at `start` begins and ends, or that it ends behind what is quoted. */
const extent = (text: string, start: number, { isBase64, key, text: whole }: Needle, limit: number): Range => {
  const last = Math.min(limit, text.length, start + whole.length)
  let end = start + key.length
  while (end < last && text[end] === whole[end - start]) end++
  if (!isBase64) return { start, end }
  // With the digits at both ends, which also have bits of the secret, and with what else is encoded there.
  while (isBase64Digit.test(text.charAt(start - 1))) start--
  while (isBase64Digit.test(text.charAt(end))) end++
  return { start, end }
}

/** The needles that begin before `limit`. Escapes only shorten a text, so that what is quoted of it ends there too. */
const needlesIn = (text: string, needles: ReadonlyArray<Needle>, limit: number): ReadonlyArray<Hit> => {
  const hits: Array<Hit> = []
  for (const needle of needles) {
    let start = text.indexOf(needle.key)
    while (start !== -1 && start < limit) {
      hits.push({ ...extent(text, start, needle, limit), isShort: needle.isShort })
      // Another one can begin within this one.
      start = text.indexOf(needle.key, start + 1)
    }
  }
  return hits
}

/** What to look for. */
interface Sought {
  readonly needles: ReadonlyArray<Needle>
  /** Of these, the ones to look for in the text as it is. */
  readonly atFirst?: ReadonlyArray<Needle>
  readonly places: ReadonlyArray<RegExp>
}

const find = (text: string, { needles, atFirst = needles, places }: Sought, limit: number): ReadonlyArray<Hit> => {
  const hasShort = needles.some(({ isShort }) => isShort)
  return Spelling.readings(text).flatMap((reading, index) => {
    const located = (hits: ReadonlyArray<Hit>, { locate }: Spelling.Reading) =>
      hits.map((hit) => ({ ...locate(hit), isShort: hit.isShort }))
    const decoded = hasShort ? Spelling.withBase64(reading) : reading
    return [
      ...located(needlesIn(reading.text, index === 0 ? atFirst : needles, limit), reading),
      ...located(decoded === reading ? [] : needlesIn(decoded.text, needles, limit), decoded),
      ...located(
        placesIn(reading.text, places).map((place) => ({ ...place, isShort: false })),
        reading
      )
    ]
  })
}

const holds = (text: string, { needles, places }: Sought): boolean => {
  const hasShort = needles.some(({ isShort }) => isShort)
  return Spelling.readings(text).some((reading) => {
    const decoded = hasShort ? Spelling.withBase64(reading).text : ""
    return (
      needles.some(({ key }) => reading.text.includes(key) || decoded.includes(key)) ||
      placesIn(reading.text, places).length > 0
    )
  })
}

const isWordOrNumber = /^(?:[a-z]+|\d+)$/i

const name = /^[\w.:/$[\]-]*$/

const standsAloneIn = (text: string, word: string): boolean =>
  new RegExp(`(?<![a-z\\d])(?:${word})+(?![a-z\\d])`, "i").test(text)

const deepest = 16

const most = 1000

// Says nothing of the secrets, not even by chance.
const placeholders = ["<redacted>", "***", "…"]

const valuesOf = (secrets: ReadonlyArray<Redacted.Redacted>): ReadonlyArray<string> =>
  secrets.map((secret) => Redacted.value(secret)).filter((value) => value !== "")

/** What is known of the secrets. */
interface Known {
  readonly needles: ReadonlyArray<Needle>
  /** What stands in their place. */
  readonly placeholder: string
}

const knownOf = (secrets: ReadonlyArray<string>): Known => ({
  needles: [...new Set(secrets)].flatMap(needlesOf),
  placeholder: placeholders.find((text) => !secrets.some((secret) => text.includes(secret))) ?? ""
})

/** Made for every request, most of which have no response that has to be looked through: it prepares nothing before. */
export class Redaction {
  readonly #secrets: ReadonlyArray<Redacted.Redacted>
  readonly #places: ReadonlyArray<RegExp>
  #known: Known | undefined

  constructor(secrets: ReadonlyArray<Redacted.Redacted>, places: ReadonlyArray<RegExp>) {
    this.#secrets = secrets
    this.#places = places
  }

  get #sought(): Known {
    return (this.#known ??= knownOf(valuesOf(this.#secrets)))
  }

  #quoteBut(text: string, but: (needle: Needle) => boolean): string {
    const { needles, placeholder } = this.#sought
    const isCutInCharacter = /[\uD800-\uDBFF]/.test(text.charAt(excerptLength - 1))
    const cut = Math.min(text.length, isCutInCharacter ? excerptLength - 1 : excerptLength)
    // A secret at the cut is found as a whole.
    const window = text.slice(0, cut + reach)
    const atFirst = needles.filter((needle) => !but(needle))
    const hits = find(window, { needles, atFirst, places: this.#places }, cut).filter(({ start }) => start < cut)
    if (hits.some(({ isShort }) => isShort)) return placeholder
    let quoted = ""
    let position = 0
    for (const { end, start } of hits.toSorted((a, b) => a.start - b.start)) {
      if (start >= position) quoted += text.slice(position, start) + placeholder
      position = Math.max(position, end)
    }
    quoted += text.slice(position, Math.max(position, cut))
    return Math.max(position, cut) < text.length ? `${quoted}…` : quoted
  }

  /** As much of a text as an error quotes, without the secrets. */
  quote(text: string): string {
    return this.#quoteBut(text, () => false)
  }

  /**
   * The same for a name out of a text, such as an error code. A short secret
   * that is a word or a number may be a part of a longer one there: it occurs
   * in ordinary names, and nobody learns from them that it does.
   */
  quoteName(text: string): string {
    return name.test(text)
      ? this.#quoteBut(
          text,
          (needle) => needle.isShort && isWordOrNumber.test(needle.text) && !standsAloneIn(text, needle.text)
        )
      : this.quote(text)
  }

  /** The same for every text in a value from JSON. What is more, or deeper, than anybody reads is left out. */
  quoteJson(value: unknown): unknown {
    let count = 0
    const go = (value: unknown, depth: number): unknown => {
      if (typeof value === "string") return this.quote(value)
      if (typeof value === "number" && this.quoteName(String(value)) !== String(value)) return this.#sought.placeholder
      if (!Predicate.isObjectOrArray(value)) return value
      if (depth === deepest) return "…"
      const left = Math.max(0, most - count)
      if (Array.isArray(value)) {
        const items = value.slice(0, left)
        count += items.length
        return items.map((item) => go(item, depth + 1))
      }
      const entries = Object.entries(value).slice(0, left)
      count += entries.length
      return Object.fromEntries(entries.map(([key, field]) => [this.quoteName(key), go(field, depth + 1)]))
    }
    return go(value, 0)
  }

  /** What somebody threw: as it is if it holds no secret, and else what it says, without the rest of it. */
  quoteCause(cause: unknown): unknown {
    const sought = { needles: this.#sought.needles, places: this.#places }
    const holdsSecret = Thrown.textsIn(cause)?.some((text) => holds(text, sought)) ?? true
    if (!holdsSecret) return cause
    const { message, name, stack } = Thrown.describe(cause)
    return Object.defineProperties(new Error(this.quote(message)), {
      name: { value: this.quoteName(name) },
      stack: { value: this.quote(stack) }
    })
  }

  /** Takes out further secrets as well. */
  and(more: ReadonlyArray<Redacted.Redacted>): Redaction {
    return new Redaction([...this.#secrets, ...more], this.#places)
  }
}

export const make = (secrets: ReadonlyArray<Redacted.Redacted>): Redaction => new Redaction(secrets, secretPlaces)

const storagePlaces = [...secretPlaces, tokenLike]

/** For what a storage says, which may quote tokens that nobody here knows. */
export const ofStorage = (secrets: ReadonlyArray<Redacted.Redacted>): Redaction => new Redaction(secrets, storagePlaces)

/** What stands in a text in the place of a secret: the tokens in a response of the token endpoint, whatever is wrong with it. */
export const secretsIn = (body: string): ReadonlyArray<Redacted.Redacted> =>
  Spelling.readings(body.slice(0, 1024 * 1024)).flatMap(({ text }) =>
    placesIn(text).map(({ end, start }) => Redacted.make(text.slice(start, end)))
  )
