/** The ways in which what was sent comes back. */

type Spell = (value: string) => string

const bytes = (value: string) => Array.from(Buffer.from(value))

const percent = (value: string, isUpper: boolean) =>
  bytes(value)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .map((hex) => `%${isUpper ? hex.toUpperCase() : hex}`)
    .join("")

const units = (value: string) => Array.from({ length: value.length }, (_, index) => value.charCodeAt(index))

export const spellings: Readonly<Record<string, Spell>> = {
  "as it is": (value) => value,
  "percent-encoded": encodeURIComponent,
  "percent-encoded in every other character, in lower case": (value) =>
    Array.from(value, (character, index) =>
      index % 2 === 0 ? percent(character, false) : encodeURIComponent(character)
    ).join(""),
  "percent-encoded twice": (value) => encodeURIComponent(percent(value, true)),
  "as a form": (value) => String(new URLSearchParams({ "": value })).slice(1),
  "in JSON": (value) => JSON.stringify(value).slice(1, -1).replaceAll("/", "\\/"),
  "in JSON, with every character escaped": (value) =>
    units(value)
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  "in base64": (value) => Buffer.from(value).toString("base64"),
  "in base64url": (value) => Buffer.from(value).toString("base64url"),
  "as a password of Basic": (value) => Buffer.from(`id:${value}`).toString("base64"),
  "in HTML": (value) =>
    value.replace(
      /[&<>"'/+=]/g,
      (character) =>
        ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? `&#${character.charCodeAt(0)};`
    ),
  "in HTML, with every character escaped": (value) =>
    Array.from(value, (character) => `&#x${character.codePointAt(0)?.toString(16)};`).join("")
}
