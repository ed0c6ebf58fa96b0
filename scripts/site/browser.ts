/** The search field of every page. Its index is a script too, since a page that is a file may not fetch one. */
import { type Entry, find } from "./find.ts"

declare global {
  var searchIndex: ReadonlyArray<Entry> | undefined
}

const element = <E extends Element>(selector: string, type: new () => E): E => {
  const found = document.querySelector(selector)
  if (found instanceof type) return found
  throw new Error(`the page has no ${selector}`)
}

const root = document.documentElement.dataset["root"] ?? ""
const field = element("#search", HTMLInputElement)
const results = element("#results", HTMLOListElement)
const status = element("#found", HTMLElement)

const itemOf = ({ kind, title, url }: Entry): HTMLLIElement => {
  const link = document.createElement("a")
  link.href = root + url
  link.textContent = title
  const label = document.createElement("span")
  label.textContent = kind
  const item = document.createElement("li")
  item.append(link, " ", label)
  return item
}

const nothing = () => {
  const item = document.createElement("li")
  item.textContent = "Nothing found"
  return item
}

const update = () => {
  // Loading, which ends with another update.
  if (globalThis.searchIndex === undefined) return
  const found = find(globalThis.searchIndex, field.value)
  const isAsked = field.value.trim() !== ""
  results.replaceChildren(...(found.length === 0 ? [nothing()] : found.map(itemOf)))
  results.hidden = !isAsked
  status.textContent = isAsked ? `${found.length} found` : ""
}

const load = () => {
  const script = document.createElement("script")
  script.src = `${root}search-index.js`
  script.addEventListener("load", update)
  document.head.append(script)
}

field.addEventListener("focus", load, { once: true })
field.addEventListener("input", update)

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault()
    field.focus()
  }
  if (event.key === "Escape") {
    field.value = ""
    update()
  }
})

element("#search-form", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault()
  const first = results.querySelector("a")
  if (first !== null) location.assign(first.href)
})
