/** HTML in which every value is escaped unless it is HTML itself. */

/** Markup that was written here, and not by a user. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Value = string | number | undefined | Html | ReadonlyArray<Html>

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const render = (value: Value): string => {
  if (value === undefined) return ""
  if (value instanceof Html) return value.markup
  return typeof value === "object" ? value.map(render).join("") : escape(String(value))
}

/** Makes HTML of a template. Attributes have to be quoted in it. */
export const html = (strings: TemplateStringsArray, ...values: ReadonlyArray<Value>): Html =>
  new Html(String.raw({ raw: strings }, ...values.map(render)))

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " }

const decodeEntity = (entity: string, name: string): string => {
  const [, hexadecimal, decimal] = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name) ?? []
  const code = Number.parseInt(hexadecimal ?? decimal ?? "", hexadecimal === undefined ? 10 : 16)
  if (code <= 0x10_ff_ff) return String.fromCodePoint(code)
  return entities[name.toLowerCase()] ?? entity
}

/** A text as Miro takes it for content or a title, which it reads as HTML. */
export const toMarkup = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** What simple HTML says, such as the content of a sticky note. It is text, and has to be escaped again. */
export const textOf = (content: string): string =>
  content
    .replace(/<br\s*\/?>|<\/(?:p|li|div)>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(#x?[\da-f]+|[a-z]+);/gi, decodeEntity)
    // Neither HTML nor SVG may have them.
    .replace(/(?!\n)[\p{Cc}\ufffe\uffff]/gu, " ")
    .trim()
