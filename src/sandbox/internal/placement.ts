import * as Iterable from "effect/Iterable"
import * as Result from "effect/Result"
import type { Item, Point } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import type { ItemChange } from "./itemKind.ts"
import type { Board } from "./store.ts"

/** The point of the canvas that the positions inside a parent count from. */
const originOf = (board: Board, parentId: string | undefined): Point => {
  const parent = parentId === undefined ? undefined : board.items.get(parentId)
  return parent === undefined
    ? { x: 0, y: 0 }
    : {
        x: parent.position.x - parent.geometry.width / 2,
        y: parent.position.y - parent.geometry.height / 2
      }
}

const isInside = ({ x, y }: Point, { geometry }: Item): boolean =>
  x >= 0 && x <= geometry.width && y >= 0 && y <= geometry.height

/** Whether what is in a frame is still inside of it with another size. */
export const holdsContent = (board: Board, frame: Item): boolean =>
  !Iterable.some(board.items.values(), ({ parentId, position }) => parentId === frame.id && !isInside(position, frame))

/**
 * Where an item is after a change. One that changes its parent stays where it
 * is on the canvas, in as far as the change does not move it.
 */
export const place = (board: Board, item: Item, change: ItemChange): Refusable<Pick<Item, "position" | "parentId">> => {
  if (change.position === undefined && change.parent === undefined) {
    return Result.succeed(item)
  }
  const parentId = change.parent === undefined ? item.parentId : (change.parent?.id ?? undefined)
  const parent = parentId === undefined ? undefined : board.items.get(parentId)
  if (parentId !== undefined && (parent?.type !== "frame" || item.type === "frame")) {
    return Result.fail(errors.invalidParameter("parent.id", `There is no frame [${parentId}] on the board`))
  }
  const before = originOf(board, item.parentId)
  const after = originOf(board, parentId)
  const { x = item.position.x + before.x - after.x, y = item.position.y + before.y - after.y } = change.position ?? {}
  const position = { x, y }
  return parent === undefined || isInside(position, parent)
    ? Result.succeed({ position, parentId })
    : Result.fail(errors.invalidParameter("position", "new position is outside of parent boundaries"))
}
