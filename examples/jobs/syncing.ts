/**
 * A list kept as cards on a board. Each card has the key of its entry at the
 * beginning of its title, so that it is found again: a second run changes
 * nothing.
 */
import { Effect, Schema, Stream } from "effect"
import { Cards, Items } from "effect-miro"
import { textOf, toMarkup } from "../shared/html.ts"

/** A key by which no card would be found again. */
export class KeyError extends Schema.TaggedError<KeyError>("KeyError")("KeyError", { message: Schema.String }) {}

/** An entry of the list, such as an issue of a tracker. */
export interface Entry {
  /** Not empty, and without brackets. */
  readonly key: string
  readonly title: string
}

const perRequest = 20
const perRow = 5

const titleOf = ({ key, title }: Entry) => `[${key}] ${title}`.trim()

const isKey = (key: string): boolean => /^[^[\]]+$/.test(key)

const keyOf = (title: string): string | undefined => /^\[([^\]]+)\](?: |$)/.exec(title)?.[1]

const placeOf = (index: number) => ({ x: (index % perRow) * 360, y: Math.floor(index / perRow) * 140 })

/** Makes, renames and removes cards until the board has the list, and says how many. */
export const sync = Effect.fn(function* (boardId: string, entries: ReadonlyArray<Entry>) {
  const unfit = entries.find(({ key }) => !isKey(key))
  if (unfit !== undefined) return yield* new KeyError({ message: `${JSON.stringify(unfit.key)} is no key of a card` })
  const cards = yield* Items.list.items({ boardId, type: "card" }).pipe(
    Stream.filter((item) => item.type === "card"),
    Stream.map(({ data, id }) => ({ id, title: textOf(data?.title ?? "") })),
    Stream.runCollect
  )
  const known = new Map(cards.flatMap((card) => Array.from([keyOf(card.title) ?? []].flat(), (key) => [key, card])))
  const wanted = new Map(entries.map((entry) => [entry.key, entry]))

  const created = [...wanted.values()].filter(({ key }) => !known.has(key))
  for (let start = 0; start < created.length; start += perRequest) {
    const items = created.slice(start, start + perRequest).map((entry, index) => ({
      type: "card" as const,
      data: { title: toMarkup(titleOf(entry)) },
      position: placeOf(cards.length + start + index)
    }))
    yield* Items.createBulk({ boardId, items })
  }

  const renamed = [...wanted.values()].flatMap((entry) => {
    const card = known.get(entry.key)
    return card === undefined || card.title === titleOf(entry) ? [] : [{ itemId: card.id, title: titleOf(entry) }]
  })
  yield* Effect.forEach(
    renamed,
    ({ itemId, title }) => Cards.update({ boardId, itemId, data: { title: toMarkup(title) } }),
    {
      concurrency: 4,
      discard: true
    }
  )

  // A card without a key is somebody's own.
  const removed = [...known].filter(([key]) => !wanted.has(key)).map(([, { id }]) => id)
  yield* Effect.forEach(removed, (itemId) => Cards.delete({ boardId, itemId }), { concurrency: 4, discard: true })
  return { created: created.length, renamed: renamed.length, removed: removed.length }
})
