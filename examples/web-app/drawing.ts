/** The items of a board as SVG. */
import type { Items } from "effect-miro"
import { html, type Html, textOf } from "./html.ts"

type Item = Items.Item

/** The place of an item on the canvas, by its top left corner. */
interface Box {
  readonly item: Item
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
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

const boxOf = (item: Item, items: ReadonlyMap<string, Item>): Box => {
  const { height, width } = sizeOf(item)
  const { relativeTo, x = 0, y = 0 } = item.position ?? {}
  const frame = relativeTo === "parent_top_left" ? items.get(item.parent?.id ?? "") : undefined
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

const draw = ({ height, item, width, x, y }: Box): Html => {
  const isDark = item.type === "sticky_note" && item.style?.fillColor === "black"
  // Attributes and not a style, which the content security policy refuses.
  return html`<g class="${item.type}">
    <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${colourOf(item)}" />
    <foreignObject
      x="${x}"
      y="${y}"
      width="${width}"
      height="${height}"
      font-size="${Math.max(12, Math.min(width, height) / 9)}"
      color="${isDark ? "#ffffff" : "#1c1c1e"}"
    >
      <p>${textOfItem(item)}</p>
    </foreignObject>
  </g>`
}

const margin = 40

/** Items as a picture, and where there is room for one more. */
export const drawBoard = (
  name: string,
  items: ReadonlyArray<Item>
): { picture: Html; room: { x: number; y: number } } => {
  const byId = new Map(items.map((item) => [item.id, item]))
  const boxes = items.map((item) => boxOf(item, byId))
  const left = Math.min(...boxes.map(({ x }) => x)) - margin
  const top = Math.min(...boxes.map(({ y }) => y)) - margin
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + margin - left
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + margin - top
  // Frames are behind what is in them.
  const ordered = [
    ...boxes.filter(({ item }) => item.type === "frame"),
    ...boxes.filter(({ item }) => item.type !== "frame")
  ]
  return boxes.length === 0
    ? { picture: html`<p class="empty">Nothing is on this board yet.</p>`, room: { x: 0, y: 0 } }
    : {
        picture: html`<svg
          class="board"
          viewBox="${left} ${top} ${width} ${height}"
          role="img"
          aria-label="A drawing of ${name}"
        >
          ${ordered.map(draw)}
        </svg>`,
        room: { x: Math.round(left + width - margin + 120), y: Math.round(top + margin + 100) }
      }
}
