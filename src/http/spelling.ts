/**
 * The ways to read a text in which values stand escaped: percent-encoded, as a
 * form, in JSON, in HTML or in base64, in any mixture and several times over.
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"

export interface Range {
  readonly start: number
  readonly end: number
}

export interface Reading {
  readonly text: string
  /** Where a part of this text stands in the text that was given. */
  readonly locate: (part: Range) => Range
}

/** An escape, and where its value stands in the text that has it resolved. */
interface Piece {
  readonly value: Range
  readonly escape: Range
}

interface Kind {
  readonly pattern: RegExp
  /** The value of an escape, if it is one. */
  readonly resolve: (escape: string) => string | undefined
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

const percentBytes = (escape: string): string =>
  decoder.decode(Uint8Array.from(escape.slice(1).split("%"), (hex) => Number.parseInt(hex, 16)))

const inJson: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }

const codePoint = (code: number): string | undefined => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined)

const jsonEscape = (escape: string): string | undefined => {
  const name = escape.charAt(1)
  return /[ux]/i.test(name) ? codePoint(Number.parseInt(escape.slice(2), 16)) : (inJson[name] ?? name)
}

const entities =
  "excl! quot\" num# dollar$ percnt% amp& apos' lpar( rpar) ast* plus+ comma, period. sol/ colon: semi; lt< equals= gt> " +
  "quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ grave` lcub{ lbrace{ verbar| vert| rcub} rbrace}"

const inHtml: ReadonlyMap<string, string> = new Map(
  entities.split(" ").map((entity) => [entity.slice(0, -1).toLowerCase(), entity.slice(-1)])
)

const htmlEntity = (escape: string): string | undefined => {
  const name = escape.slice(1, -1).toLowerCase()
  if (!name.startsWith("#")) return inHtml.get(name)
  return codePoint(name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)))
}

const percentPattern = "(?:%[\\da-f]{2})+"
const jsonPattern = "\\\\(?:u[\\da-f]{4}|x[\\da-f]{2}|[\"'\\\\/bfnrt])"
const htmlPattern = "&(?:#\\d{1,7}|#x[\\da-f]{1,6}|[a-z]{2,6});"

const percent: Kind = { pattern: new RegExp(percentPattern, "gi"), resolve: percentBytes }

const json: Kind = { pattern: new RegExp(jsonPattern, "gi"), resolve: jsonEscape }

const html: Kind = { pattern: new RegExp(htmlPattern, "gi"), resolve: htmlEntity }

const all: Kind = {
  pattern: new RegExp(`${percentPattern}|\\+|${jsonPattern}|${htmlPattern}`, "gi"),
  resolve: (escape) => {
    switch (escape.charAt(0)) {
      case "%":
        return percentBytes(escape)
      case "\\":
        return jsonEscape(escape)
      case "&":
        return htmlEntity(escape)
      default:
        return " "
    }
  }
}

// Most words are base64 of something, but hardly any of a text.
const base64: Kind = {
  pattern: /[\w+/-]{2,}={0,2}/g,
  resolve: (escape) => {
    const digits = escape.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", "")
    const padded = digits.padEnd(Math.ceil(digits.length / 4) * 4, "=")
    const value = Result.map(Base64.decode(padded), (bytes) => decoder.decode(bytes))
    return Result.isSuccess(value) && !/[\p{Control}\uFFFD]/u.test(value.success) ? value.success : undefined
  }
}

const resolve = (reading: Reading, { pattern, resolve }: Kind): Reading => {
  const pieces: Array<Piece> = []
  let text = ""
  let position = 0
  for (const { 0: escape, index } of reading.text.matchAll(pattern)) {
    const value = resolve(escape)
    if (value === undefined) continue
    text += reading.text.slice(position, index)
    position = index + escape.length
    pieces.push({
      value: { start: text.length, end: text.length + value.length },
      escape: { start: index, end: position }
    })
    text += value
  }
  if (pieces.length === 0) return reading
  return {
    text: text + reading.text.slice(position),
    locate: ({ end, start }) => {
      const first = pieces.findLast(({ value }) => value.start <= start)
      const last = pieces.findLast(({ value }) => value.start < end)
      // An escape is taken as a whole.
      return reading.locate({
        start:
          first === undefined
            ? start
            : start < first.value.end
              ? first.escape.start
              : first.escape.end + start - first.value.end,
        end: last === undefined ? end : Math.max(last.escape.end, last.escape.end + end - last.value.end)
      })
    }
  }
}

const mayHaveEscapes = /[%\\&+]/

// A value that is quoted by what is itself quoted is escaped once more each time.
const deepest = 4

/**
 * All readings of a text, itself the first: by each kind of escape alone, and
 * by all of them, over and over while that changes anything.
 */
export const readings = (text: string): ReadonlyArray<Reading> => {
  const asItIs: Reading = { text, locate: (part) => part }
  if (!mayHaveEscapes.test(text)) return [asItIs]
  const found = new Set([asItIs, ...[percent, json, html].map((kind) => resolve(asItIs, kind))])
  let reading = asItIs
  for (let depth = 0; depth < deepest; depth++) {
    reading = resolve(reading, all)
    found.add(reading)
  }
  return Array.from(found)
}

/** The same text with the texts in it that stand there in base64. */
export const withBase64 = (reading: Reading): Reading => resolve(reading, base64)

/** All that a value comes to, read as a text with escapes: most often itself alone. */
export const values = (value: string): ReadonlyArray<string> => [...new Set(readings(value).map(({ text }) => text))]

/** What base64 and base64url of any text have in them that has this value in it, wherever it begins. */
export const inBase64 = (value: string): ReadonlyArray<string> => {
  const encoder = new TextEncoder()
  const found = [0, 1, 2].flatMap((offset) => {
    const bytes = encoder.encode(" ".repeat(offset) + value)
    // The digits at both ends also depend on what is beside the value.
    const digits = Base64.encode(bytes).slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
    return [digits, digits.replaceAll("+", "-").replaceAll("/", "_")]
  })
  return [...new Set(found)]
}
