/** Responses as Miro gives them. */

export const board = {
  id: "uXjVOfjmfkE=",
  name: "Retro",
  description: "",
  type: "board",
  team: { id: "3458764517517818867", name: "Team", type: "team" },
  viewLink: "https://miro.com/app/board/uXjVOfjmfkE=",
  createdAt: "2026-05-20T06:38:21Z",
  createdBy: { id: "3458764517517818867", name: "Anna", type: "user" },
  modifiedAt: "2026-05-20T06:38:21Z"
}

export const stickyNote = {
  id: "3458764517517818900",
  type: "sticky_note",
  data: { content: "<p>Ship it</p>", shape: "square" },
  style: { fillColor: "light_yellow", textAlign: "center", textAlignVertical: "middle" },
  geometry: { width: 199, height: 228 },
  position: { x: 10.5, y: -20, origin: "center", relativeTo: "canvas_center" },
  createdAt: "2026-05-20T06:38:21Z",
  links: { self: "https://api.miro.com/v2/boards/uXjVOfjmfkE%3D/items/3458764517517818900" }
}

/** Items with the ids `from`, `from + 1` and so on. */
export const texts = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(from + index), type: "text" }))

export const boards = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...board, id: String(from + index) }))
