import type { ConnectorEnd } from "./entities.ts"
import { Rows } from "./rows.ts"
import type { Content, Store } from "./store.ts"
import { byId, nextItem } from "./store.ts"

const underNewIds = <A extends { readonly id: string; readonly serial: number }>(
  store: Store,
  originals: ReadonlyMap<string, A>
): ReadonlyMap<string, A> => new Map(Array.from(originals, ([id, value]) => [id, { ...value, ...nextItem(store) }]))

/** Copies what is on a board under new ids: items with their parents and tags, their connectors and groups. */
export const copyContent = (store: Store, board: Content): Content => {
  const tags = underNewIds(store, board.tags)
  const items = underNewIds(store, board.items)
  const mindMapNodes = underNewIds(store, board.mindMapNodes)
  const copyEnd = (end: ConnectorEnd): ConnectorEnd => ({ ...end, id: items.get(end.id)?.id ?? end.id })
  return {
    tags: byId(tags.values()),
    mindMapNodes: Rows.of(
      Array.from(mindMapNodes.values(), (node) => ({
        ...node,
        parentId: node.parentId === undefined ? undefined : mindMapNodes.get(node.parentId)?.id
      }))
    ),
    connectors: Rows.of(
      Array.from(underNewIds(store, board.connectors).values(), (connector) => ({
        ...connector,
        startItem: copyEnd(connector.startItem),
        endItem: copyEnd(connector.endItem)
      }))
    ),
    groups: byId(
      Array.from(underNewIds(store, board.groups).values(), (group) => ({
        ...group,
        items: group.items.map((id) => items.get(id)?.id ?? id)
      }))
    ),
    items: Rows.of(
      Array.from(items.values(), (item) => ({
        ...item,
        parentId: item.parentId === undefined ? undefined : items.get(item.parentId)?.id,
        tagIds: item.tagIds.map((id) => tags.get(id)?.id ?? id)
      }))
    )
  }
}
