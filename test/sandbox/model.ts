/**
 * The sandbox against a plain model: random calls change both, and whatever is
 * looked at afterwards has to be the same.
 */
import { assert } from "@effect/vitest"
import { Effect, Random, Stream } from "effect"
import { Boards, Frames, Groups, Items, StickyNotes, Tags } from "effect-miro"

interface Note {
  content: string
  parent: string | undefined
  readonly tags: Set<string>
}

interface Board {
  name: string
  readonly notes: Map<string, Note>
  readonly frames: Set<string>
  readonly tags: Map<string, string>
  readonly groups: Map<string, Set<string>>
}

export type Model = Map<string, Board>

const pick = Effect.fn(function* <A>(all: Iterable<A>) {
  const list = Array.from(all)
  return list.length === 0 ? undefined : list[yield* Random.nextIntBetween(0, list.length)]
})

const aText = Effect.map(Random.nextIntBetween(0, 1_000_000), (number) => `text ${number}`)

const removeNote = (board: Board, id: string): void => {
  board.notes.delete(id)
  for (const [groupId, members] of board.groups) {
    members.delete(id)
    if (members.size < 2) board.groups.delete(groupId)
  }
}

const inside = { x: 100, y: 100 }

const changes = {
  rename: Effect.fn(function* (boardId: string, board: Board) {
    board.name = yield* aText
    yield* Boards.update({ boardId, name: board.name })
  }),
  createNote: Effect.fn(function* (boardId: string, board: Board) {
    const content = yield* aText
    const parent = (yield* Random.nextBoolean) ? yield* pick(board.frames) : undefined
    const { id } = yield* StickyNotes.create({
      boardId,
      data: { content },
      ...(parent !== undefined && { parent: { id: parent }, position: inside })
    })
    board.notes.set(id, { content, parent, tags: new Set() })
  }),
  createBulk: Effect.fn(function* (boardId: string, board: Board) {
    const contents = [yield* aText, yield* aText, yield* aText]
    const { data } = yield* Items.createBulk({
      boardId,
      items: contents.map((content) => ({ type: "sticky_note" as const, data: { content } }))
    })
    data.forEach(({ id }, index) =>
      board.notes.set(id, { content: contents[index] ?? "", parent: undefined, tags: new Set() })
    )
  }),
  updateNote: Effect.fn(function* (boardId: string, board: Board) {
    const found = yield* pick(board.notes)
    if (found === undefined) return
    const [itemId, note] = found
    note.content = yield* aText
    yield* StickyNotes.update({ boardId, itemId, data: { content: note.content } })
  }),
  moveNote: Effect.fn(function* (boardId: string, board: Board) {
    const found = yield* pick(board.notes)
    if (found === undefined) return
    const [itemId, note] = found
    note.parent = (yield* Random.nextBoolean) ? yield* pick(board.frames) : undefined
    const parent = note.parent === undefined ? null : { id: note.parent }
    yield* Items.move({ boardId, itemId, parent, position: inside })
  }),
  deleteNote: Effect.fn(function* (boardId: string, board: Board) {
    const itemId = yield* pick(board.notes.keys())
    if (itemId === undefined) return
    removeNote(board, itemId)
    yield* Items.delete({ boardId, itemId })
  }),
  createFrame: Effect.fn(function* (boardId: string, board: Board) {
    const { id } = yield* Frames.create({ boardId, data: {}, geometry: { width: 800, height: 600 } })
    board.frames.add(id)
  }),
  deleteFrame: Effect.fn(function* (boardId: string, board: Board) {
    const frame = yield* pick(board.frames)
    if (frame === undefined) return
    board.frames.delete(frame)
    for (const [id, { parent }] of board.notes) if (parent === frame) removeNote(board, id)
    yield* Frames.delete({ boardId, itemId: frame })
  }),
  createTag: Effect.fn(function* (boardId: string, board: Board) {
    const title = yield* aText
    if (board.tags.size >= 5) return
    const { id } = yield* Tags.create({ boardId, title })
    board.tags.set(id, title)
  }),
  deleteTag: Effect.fn(function* (boardId: string, board: Board) {
    const tagId = yield* pick(board.tags.keys())
    if (tagId === undefined) return
    board.tags.delete(tagId)
    for (const { tags } of board.notes.values()) tags.delete(tagId)
    yield* Tags.delete({ boardId, tagId })
  }),
  attach: Effect.fn(function* (boardId: string, board: Board) {
    const found = yield* pick(board.notes)
    const tagId = yield* pick(board.tags.keys())
    if (found === undefined || tagId === undefined) return
    found[1].tags.add(tagId)
    yield* Tags.attach({ boardId, itemId: found[0], tagId })
  }),
  detach: Effect.fn(function* (boardId: string, board: Board) {
    const found = yield* pick(board.notes)
    const tagId = found === undefined ? undefined : yield* pick(found[1].tags)
    if (found === undefined || tagId === undefined) return
    found[1].tags.delete(tagId)
    yield* Tags.detach({ boardId, itemId: found[0], tagId })
  }),
  group: Effect.fn(function* (boardId: string, board: Board) {
    const grouped = new Set([...board.groups.values()].flatMap((members) => [...members]))
    const free = [...board.notes.keys()].filter((id) => !grouped.has(id))
    const items = [...new Set([yield* pick(free), yield* pick(free)])].filter((id) => id !== undefined)
    if (items.length < 2) return
    const { id } = yield* Groups.create({ boardId, data: { items } })
    board.groups.set(id, new Set(items))
  }),
  ungroup: Effect.fn(function* (boardId: string, board: Board) {
    const groupId = yield* pick(board.groups.keys())
    if (groupId === undefined) return
    board.groups.delete(groupId)
    yield* Groups.ungroup({ boardId, groupId })
  }),
  deleteGroup: Effect.fn(function* (boardId: string, board: Board) {
    const groupId = yield* pick(board.groups.keys())
    if (groupId === undefined) return
    const members = [...(board.groups.get(groupId) ?? [])]
    board.groups.delete(groupId)
    for (const id of members) removeNote(board, id)
    yield* Groups.delete({ boardId, groupId, deleteItems: true })
  })
}

/** Rows in an order that does not depend on that of the calls. */
const sorted = (rows: ReadonlyArray<unknown>) => rows.map((row) => JSON.stringify(row)).toSorted()

const idsOf = (items: Iterable<{ readonly id: string }>) => Array.from(items, ({ id }) => id).toSorted()

/** Everything that can be seen of a board, in one text for each thing. */
const seen = Effect.fn(function* (boardId: string) {
  const items = yield* Stream.runCollect(Items.list.items({ boardId, limit: 10 }))
  const tags = yield* Stream.runCollect(Tags.list.items({ boardId }))
  const groups = yield* Stream.runCollect(Groups.list.items({ boardId }))
  const tagged = yield* Effect.forEach(tags, ({ id }) =>
    Effect.map(Stream.runCollect(Items.listWithTag.items({ boardId, tagId: id })), (items) => [id, idsOf(items)])
  )
  const members = yield* Effect.forEach(groups, ({ id }) =>
    Effect.map(Stream.runCollect(Items.listInGroup.items({ boardId, groupItemId: id })), (items) => [id, idsOf(items)])
  )
  const frames = items.filter(({ type }) => type === "frame")
  const children = yield* Effect.forEach(frames, ({ id }) =>
    Effect.map(Stream.runCollect(Items.listInFrame.items({ boardId, parentItemId: id })), (items) => [id, idsOf(items)])
  )
  return {
    name: (yield* Boards.get({ boardId })).name,
    notes: sorted(
      items.flatMap((item) => (item.type === "sticky_note" ? [[item.id, item.data?.content, item.parent?.id]] : []))
    ),
    frames: idsOf(frames),
    tagged: sorted(tagged),
    members: sorted(members),
    children: sorted(children)
  }
})

const expected = ({ frames, groups, name, notes, tags }: Board) => {
  const where = (test: (note: Note) => boolean) =>
    [...notes]
      .filter(([, note]) => test(note))
      .map(([id]) => id)
      .toSorted()
  return {
    name,
    notes: sorted([...notes].map(([id, { content, parent }]) => [id, content, parent])),
    frames: [...frames].toSorted(),
    tagged: sorted([...tags.keys()].map((id) => [id, where((note) => note.tags.has(id))])),
    members: sorted([...groups].map(([id, members]) => [id, [...members].toSorted()])),
    children: sorted([...frames].map((id) => [id, where(({ parent }) => parent === id)]))
  }
}

/** Makes so many random calls on what there is, and looks at a board after every tenth. */
export const story = Effect.fn(function* (calls: number, model: Model = new Map()) {
  for (let call = 0; call < calls; call++) {
    const roll = yield* Random.nextIntBetween(0, 100)
    const found = yield* pick(model)
    if (found === undefined || (roll < 3 && model.size < 5)) {
      const name = yield* aText
      const { id } = yield* Boards.create({ name })
      model.set(id, { name, notes: new Map(), frames: new Set(), tags: new Map(), groups: new Map() })
    } else if (roll < 4) {
      model.delete(found[0])
      yield* Boards.delete({ boardId: found[0] })
    } else {
      const change = (yield* pick(Object.values(changes))) ?? changes.createNote
      yield* change(found[0], found[1])
    }
    if (call % 10 !== 9) continue
    const looked = yield* pick(model)
    if (looked !== undefined) assert.deepStrictEqual(yield* seen(looked[0]), expected(looked[1]))
    const boards = yield* Stream.runCollect(Boards.list.items())
    assert.deepStrictEqual(idsOf(boards), [...model.keys()].toSorted())
  }
  return model
})
