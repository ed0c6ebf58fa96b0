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
