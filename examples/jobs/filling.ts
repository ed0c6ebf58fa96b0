/** A board that is copied, with the placeholders of its texts filled in. */
import { Effect, Stream } from "effect"
import { Boards, Items, Shapes, StickyNotes, Texts } from "effect-miro"
import { toMarkup } from "../shared/html.ts"

const placeholder = /\{\{\s*(\w+)\s*\}\}/g

const namesIn = (text: string): ReadonlyArray<string> => Array.from(text.matchAll(placeholder), ([, name = ""]) => name)

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? toMarkup(values[name] ?? "") : whole
  )

const contentOf = (item: Items.Item): string =>
  item.type === "sticky_note" || item.type === "text" || item.type === "shape" ? (item.data?.content ?? "") : ""

const write = (boardId: string, { id: itemId, type }: Items.Item, content: string) => {
  const input = { boardId, itemId, data: { content } }
  if (type === "sticky_note") return StickyNotes.update(input)
  return type === "text" ? Texts.update(input) : Shapes.update(input)
}

/** Copies a board, and gives the copy with the names that nothing was given for. */
export const fromTemplate = Effect.fn(function* (
  template: string,
  name: string,
  values: Readonly<Record<string, string>>
) {
  const board = yield* Boards.copy({ copyFrom: template, name })
  const missing = new Set<string>()
  yield* Items.list.items({ boardId: board.id }).pipe(
    Stream.filter((item) => namesIn(contentOf(item)).length > 0),
    Stream.mapEffect(
      (item) => {
        const content = contentOf(item)
        for (const name of namesIn(content)) if (!Object.hasOwn(values, name)) missing.add(name)
        const filled = fill(content, values)
        return filled === content ? Effect.void : write(board.id, item, filled)
      },
      { concurrency: 4 }
    ),
    Stream.runDrain
  )
  return { board, missing: [...missing].toSorted() }
})
