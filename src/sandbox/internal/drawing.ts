/** A board as SVG: where its items are, and what they say. */
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as Base64 from "effect/encoding/Base64"
import type { Item, Point } from "./entities.ts"
import { html, type Html, textOf as textOfMarkup } from "./html.ts"
import type { Board } from "./store.ts"

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

const colourOf = ({ style, type }: Item): string => {
  const fill = style["fillColor"] ?? ""
  if (/^#[\da-f]{6}$/i.test(fill)) return fill
  return Option.getOrElse(Record.get(colours, fill), () => (type === "sticky_note" ? "#fff9b1" : "#ffffff"))
}

/** The luminance of a colour such as `#fff9b1`, from 0 to 1. */
const luminance = (colour: string): number =>
  [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
    const channel = Number.parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16) / 255
    return sum + weight * channel ** 2.2
  }, 0)

/** What an item says, without its markup. */
export const textOf = ({ data, type }: Item): string => {
  const text = data["content"] ?? data["title"]
  return typeof text === "string" && text !== "" ? textOfMarkup(text) : type.replaceAll("_", " ")
}

/** The middle of an item, counted from that of the canvas. */
const centreOf = (board: Board, { parentId, position }: Item): Point => {
  const parent = board.items.get(parentId ?? "")
  if (parent === undefined) return position
  const { x, y } = centreOf(board, parent)
  const { height, width } = parent.geometry
  return { x: x - width / 2 + position.x, y: y - height / 2 + position.y }
}

const isShown = ({ file }: Item): boolean =>
  file !== undefined && /^image\/(?:png|jpeg|gif|webp)$/.test(file.contentType)

const draw = (board: Board, item: Item): Html => {
  const { height, width } = item.geometry
  const centre = centreOf(board, item)
  const [x, y] = [centre.x - width / 2, centre.y - height / 2]
  if (item.file !== undefined && isShown(item)) {
    const source = `data:${item.file.contentType};base64,${Base64.encode(item.file.bytes)}`
    return html`<image x="${x}" y="${y}" width="${width}" height="${height}" href="${source}"
      ><title>${textOf(item)}</title></image
    >`
  }
  const isRound = item.type === "shape" && item.data["shape"] === "circle"
  const radius = isRound ? Math.min(width, height) / 2 : 4
  const isText = item.type === "text"
  const isDark = !isText && luminance(colourOf(item)) < 0.18
  const isFrame = item.type === "frame"
  return html`<g>
    <rect
      x="${x}"
      y="${y}"
      width="${width}"
      height="${height}"
      rx="${radius}"
      fill="${isText ? "none" : colourOf(item)}"
      stroke="${isText ? "none" : "#8a8d94"}"
    />
    <foreignObject
      x="${x}"
      y="${y}"
      width="${width}"
      height="${height}"
      font-size="${Math.max(18, Math.min(width, height) / (isFrame ? 20 : 9))}"
      color="${isDark ? "#ffffff" : "#1c1c1e"}"
    >
      <div class="${isFrame ? "frame" : "text"}">${textOf(item)}</div>
    </foreignObject>
  </g>`
}

const margin = 100

/** The items of a board in their places. */
export const drawBoard = (board: Board): Html => {
  const items = Array.from(board.items.values())
  if (items.length === 0) return html`<p>Nothing is on this board.</p>`
  const boxes = items.map((item) => ({ ...centreOf(board, item), ...item.geometry }))
  const left = Math.min(...boxes.map(({ width, x }) => x - width / 2)) - margin
  const top = Math.min(...boxes.map(({ height, y }) => y - height / 2)) - margin
  const right = Math.max(...boxes.map(({ width, x }) => x + width / 2)) + margin
  const bottom = Math.max(...boxes.map(({ height, y }) => y + height / 2)) + margin
  const lines = Array.from(board.connectors.values()).flatMap(({ endItem, startItem }) => {
    const [start, end] = [startItem, endItem].map(({ id }) => board.items.get(id))
    if (start === undefined || end === undefined) return []
    const [from, to] = [centreOf(board, start), centreOf(board, end)]
    return [html`<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}" stroke="#4262ff" stroke-width="3" />`]
  })
  // Frames are behind what is in them.
  const isFrame = ({ type }: Item) => type === "frame"
  return html`<div class="board" role="region" aria-label="The board" tabindex="0">
    <svg viewBox="${left} ${top} ${right - left} ${bottom - top}" role="img" aria-label="A drawing of ${board.name}">
      ${items.filter(isFrame).map((item) => draw(board, item))} ${lines}
      ${items.filter((item) => !isFrame(item)).map((item) => draw(board, item))}
    </svg>
  </div>`
}
