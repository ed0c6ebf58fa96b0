/** The items of a board as SVG. */
import type { Items } from "effect-miro"
import { html, type Html, textOf } from "./html.ts"

type Item = Items.Item

/** A part of the canvas, by its top left corner. */
interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Box extends Area {
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

/** What Miro makes of a new sticky note. */
const note = { width: 199, height: 228 }

const overlap = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** The middle of a free place for a sticky note: beside the last item, or else below all of them. */
const freePlace = (boxes: ReadonlyArray<Area>, all: Area): { readonly x: number; readonly y: number } => {
  const last = boxes.at(-1) ?? all
  const beside = { ...note, x: last.x + last.width + margin / 2, y: last.y }
  const isFree = beside.x < all.x + 1000 && !boxes.some((box) => overlap(box, beside))
  const { x, y } = isFree ? beside : { x: all.x, y: all.y + all.height + margin / 2 }
  return { x: Math.round(x + note.width / 2), y: Math.round(y + note.height / 2) }
}

/** Items as a picture, and where there is room for one more. */
export const drawBoard = (name: string, items: ReadonlyArray<Item>) => {
  const byId = new Map(items.map((item) => [item.id, item]))
  const boxes = items.map((item) => boxOf(item, byId))
  if (boxes.length === 0) {
    return { picture: html`<p class="empty">Nothing is on this board yet.</p>`, room: { x: 0, y: 0 } }
  }
  const x = Math.min(...boxes.map(({ x }) => x))
  const y = Math.min(...boxes.map(({ y }) => y))
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y
  // Frames are behind what is in them.
  const isFrame = ({ item }: Box) => item.type === "frame"
  const ordered = [...boxes.filter(isFrame), ...boxes.filter((box) => !isFrame(box))]
  const viewBox = [x - margin, y - margin, width + 2 * margin, height + 2 * margin].join(" ")
  return {
    picture: html`<div class="board" role="region" aria-label="The board" tabindex="0">
      <svg viewBox="${viewBox}" role="img" aria-label="A drawing of ${name}">${ordered.map(draw)}</svg>
    </div>`,
    room: freePlace(boxes, { x, y, width, height })
  }
}
