/** What a retro came to: the notes of a board as Markdown, under the tags that they have. */
import { Effect, Stream } from "effect"
import { Items, Tags } from "effect-miro"

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, "").trim()

/** The sticky notes of a board, by tag. Those without a tag come last. */
export const toMarkdown = Effect.fn(function* (boardId: string) {
  const tags = yield* Stream.runCollect(Tags.list.items({ boardId }))
  const sections = yield* Effect.forEach(
    tags,
    ({ id, title }) =>
      Effect.map(Stream.runCollect(Items.listWithTag.items({ boardId, tagId: id })), (items) => ({
        title,
        ids: new Set(items.map((item) => item.id))
      })),
    { concurrency: 4 }
  )
  const notes = yield* Items.list.items({ boardId, type: "sticky_note" }).pipe(
    Stream.filter((item) => item.type === "sticky_note"),
    Stream.map(({ data, id }) => ({ id, text: textOf(data?.content ?? "") })),
    Stream.runCollect
  )
  const tagged = new Set(sections.flatMap(({ ids }) => [...ids]))
  const all = [...sections, { title: "Other", ids: new Set(notes.map(({ id }) => id).filter((id) => !tagged.has(id))) }]
  return all
    .filter(({ ids }) => ids.size > 0)
    .map(({ ids, title }) =>
      [`## ${title}`, "", ...notes.filter(({ id }) => ids.has(id)).map(({ text }) => `- ${text}`)].join("\n")
    )
    .join("\n\n")
})
