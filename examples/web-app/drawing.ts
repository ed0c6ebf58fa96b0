/** A board as a picture on a page. */
import { Array } from "effect"
import type { Items } from "effect-miro"
import { type Area, around, type Box, boxOf, draw, viewBox } from "../shared/drawing.ts"
import { html } from "../shared/html.ts"

const distance = 20

/** What Miro makes of a new sticky note. */
const note = { width: 199, height: 228 }

const overlap = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** The middle of a free place for a sticky note: beside the last item, or else below all of them. */
const freePlace = (boxes: Array.NonEmptyReadonlyArray<Area>, all: Area): { readonly x: number; readonly y: number } => {
  const last = Array.lastNonEmpty(boxes)
  const beside = { ...note, x: last.x + last.width + distance, y: last.y }
  const isFree = beside.x < all.x + 1000 && !boxes.some((box) => overlap(box, beside))
  const { x, y } = isFree ? beside : { x: all.x, y: all.y + all.height + distance }
  return { x: Math.round(x + note.width / 2), y: Math.round(y + note.height / 2) }
}

/** Items as a picture, and where there is room for one more. */
export const drawBoard = (name: string, items: ReadonlyArray<Items.Item>) => {
  if (!Array.isReadonlyArrayNonEmpty(items)) {
    return { picture: html`<p class="empty">Nothing is on this board yet.</p>`, room: { x: 0, y: 0 } }
  }
  const byId = new Map(items.map((item) => [item.id, item]))
  const boxes = Array.map(items, (item) => boxOf(item, byId))
  const all = boxes.reduce<Area>(around, boxes[0])
  // Frames are behind what is in them.
  const isFrame = ({ item }: Box) => item.type === "frame"
  const ordered = [...boxes.filter(isFrame), ...boxes.filter((box) => !isFrame(box))]
  return {
    picture: html`<div class="board" role="region" aria-label="The board" tabindex="0">
      <svg viewBox="${viewBox(all)}" role="img" aria-label="A drawing of ${name}">${ordered.map(draw)}</svg>
    </div>`,
    room: freePlace(boxes, all)
  }
}
