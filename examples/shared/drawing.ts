/** The items of a board as SVG. */
import type { Items } from "effect-miro"
import { html, type Html, textOf } from "./html.ts"

type Item = Items.Item

/** A part of the canvas, by its top left corner. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** An item and the part of the canvas that it takes. */
export interface Box extends Area {
  readonly item: Item
}

const colours: Readonly<Record<string, string>> = {
  gray: "#f5f6f8",
  light_yellow: "#fff9b1",
  yellow: "#f5d128",
  orange: "#ff9d48",
  light_green: "#d5f692",
  green: "#c9df56",
  dark_green: "#93d275",
  cyan: "#67c6c0",
  light_pink: "#ffcee0",
  pink: "#ea94bb",
  violet: "#c6a2d2",
  red: "#f16c7f",
  light_blue: "#a6ccf5",
  blue: "#6cd8fa",
  dark_blue: "#9ea9ff",
  black: "#1c1c1e"
}

// Only what is a colour: anybody who may write on the board has chosen it.
const colourOf = (item: Item): string => {
  if (item.type === "sticky_note") return colours[item.style?.fillColor ?? ""] ?? "#fff9b1"
  const fill = item.type === "shape" || item.type === "frame" ? item.style?.fillColor : undefined
  return fill !== undefined && /^#[\da-f]{6}$/i.test(fill) ? fill : "#ffffff"
}

/** The luminance of a colour such as `#fff9b1`, from 0 to 1. */
const luminance = (colour: string): number =>
  [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
    const channel = Number.parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16) / 255
    return sum + weight * channel ** 2.2
  }, 0)

/** What an item says, without its markup. */
export const textOfItem = (item: Item): string => {
  switch (item.type) {
    case "sticky_note":
    case "shape":
    case "text":
      return textOf(item.data?.content ?? "")
    case "card":
    case "app_card":
    case "frame":
    case "image":
    case "document":
      return textOf(item.data?.title ?? item.type.replace("_", " "))
    default:
      return item.type.replaceAll("_", " ")
  }
}

const sizeOf = ({ geometry }: Item) => ({ width: geometry?.width ?? 200, height: geometry?.height ?? 100 })

/** Whether an item's place is counted from that of its frame. */
export const isInFrame = ({ parent, position }: Item): boolean =>
  parent !== undefined && position?.relativeTo === "parent_top_left"

/** Where an item is. `items` has the frames of the board, and may have more. */
export const boxOf = (item: Item, items: ReadonlyMap<string, Item>): Box => {
  const { height, width } = sizeOf(item)
  const { x = 0, y = 0 } = item.position ?? {}
  const frame = isInFrame(item) ? items.get(item.parent?.id ?? "") : undefined
  // Frames are in no frames.
  const origin = { x: frame?.position?.x ?? 0, y: frame?.position?.y ?? 0 }
  const inset = frame === undefined ? { width: 0, height: 0 } : sizeOf(frame)
  return {
    item,
    width,
    height,
    x: origin.x - inset.width / 2 + x - width / 2,
    y: origin.y - inset.height / 2 + y - height / 2
  }
}

/** Breaks a text between words, and within those that are longer than a line. */
const linesOf = (text: string, width: number): ReadonlyArray<string> => {
  // What a letter of a sans serif takes, and one of those that are as wide as high.
  const letters = Math.max(1, Math.floor(width / (/[\u{2e80}-\u{10ffff}]/u.test(text) ? 1 : 0.6)))
  const line = new RegExp(`.{1,${letters}}(?:\\s+|$)|.{${letters}}`, "gu")
  return text.split("\n").flatMap((paragraph) => paragraph.match(line) ?? [""])
}

const lineHeight = 1.3

interface Fitted {
  readonly size: number
  readonly lines: ReadonlyArray<string>
}

/** A text in letters of a ninth of its area or, if it is long, smaller ones; cut if it fits in none. */
const fit = (text: string, area: Area, part = 9): Fitted => {
  const size = Math.max(12, Math.min(area.width, area.height) / part)
  const lines = linesOf(text, area.width / size - 1)
  const most = Math.max(1, Math.floor(area.height / size / lineHeight))
  if (lines.length <= most) return { size, lines }
  return part < 24 ? fit(text, area, part + 3) : { size, lines: [...lines.slice(0, most - 1), "…"] }
}

const drawTitle = ({ height, item, width, x, y }: Box): Html => {
  const size = Math.max(12, Math.min(width, height) / 20)
  return html`<text font-size="${size}" x="${x + size / 2}" y="${y + size * lineHeight}">${textOfItem(item)}</text>`
}

const drawText = (box: Box): Html => {
  const { lines, size } = fit(textOfItem(box.item), box)
  const x = box.x + box.width / 2
  // The middle of the first line, which stands on a line a third of a letter below.
  const y = box.y + box.height / 2 - ((lines.length - 1) / 2) * size * lineHeight + size * 0.35
  const spans = lines.map((line, index) => html`<tspan x="${x}" y="${y + index * size * lineHeight}">${line}</tspan>`)
  return html`<text font-size="${size}" text-anchor="middle">${spans}</text>`
}

/** An item as a rectangle in its colour, with what it says. */
export const draw = (box: Box): Html => {
  const { height, item, width, x, y } = box
  const colour = colourOf(item)
  // Attributes and not a style, which a content security policy may refuse.
  const border = item.type === "text" ? html`fill="none"` : html`fill="${colour}" stroke="#1c1c1e" stroke-opacity="0.2"`
  return html`<g class="${item.type}" font-family="system-ui, sans-serif">
    <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" ${border} />
    <g fill="${luminance(colour) < 0.18 ? "#ffffff" : "#1c1c1e"}">
      ${item.type === "frame" ? drawTitle(box) : drawText(box)}
    </g>
  </g>`
}

/** What has all the areas in it. */
export const around = (a: Area, b: Area): Area => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y
  }
}

/** The `viewBox` for an area, with a margin. */
export const viewBox = ({ height, width, x, y }: Area, margin = 40): string =>
  [x - margin, y - margin, width + 2 * margin, height + 2 * margin].join(" ")
