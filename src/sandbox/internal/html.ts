import * as Option from "effect/Option"
import * as Record from "effect/Record"

/** Markup whose parts are escaped, unless they are markup themselves. */
export interface Html {
  readonly markup: string
}

type Part = string | number | undefined | Html | ReadonlyArray<Html>

export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const isMarkup = (part: Part): part is Html => typeof part === "object" && "markup" in part

const written = (part: Part): string => {
  if (part === undefined) return ""
  if (typeof part !== "object") return escape(String(part))
  return isMarkup(part) ? part.markup : part.map(({ markup }) => markup).join("")
}

export const html = (texts: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html => ({
  markup: texts.map((text, index) => text + written(parts[index])).join("")
})

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " }

const decodeEntity = (entity: string, name: string): string => {
  const [, hexadecimal, decimal] = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name) ?? []
  const code = Number.parseInt(hexadecimal ?? decimal ?? "", hexadecimal === undefined ? 10 : 16)
  if (code <= 0x10_ff_ff) return String.fromCodePoint(code)
  return Option.getOrElse(Record.get(entities, name.toLowerCase()), () => entity)
}

/** What simple markup says, such as the content of a sticky note. It is text, and has to be escaped again. */
export const textOf = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&(#x?[\da-f]+|[a-z]+);/gi, decodeEntity)
    .trim()
