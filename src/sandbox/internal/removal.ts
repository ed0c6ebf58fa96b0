import type { Item } from "./entities.ts"
import type { Board } from "./store.ts"

/**
 * Takes an item off its board. The children of a frame go with it, a connector
 * with either of its items, and a group has two items or is none.
 */
export const removeItem = (board: Board, item: Item): void => {
  for (const child of board.items.values()) {
    if (child.parentId === item.id) removeItem(board, child)
  }
  for (const { endItem, id, startItem } of board.connectors.values()) {
    if (startItem.id === item.id || endItem.id === item.id) board.connectors.delete(id)
  }
  for (const group of board.groups.values()) {
    if (!group.items.includes(item.id)) continue
    const items = group.items.filter((id) => id !== item.id)
    if (items.length < 2) board.groups.delete(group.id)
    else board.groups.set(group.id, { ...group, items })
  }
  board.items.delete(item.id)
}
