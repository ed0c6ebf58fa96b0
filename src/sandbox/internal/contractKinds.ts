import * as Result from "effect/Result"
import * as AppCards from "../../boards/AppCards.ts"
import * as Cards from "../../boards/Cards.ts"
import * as DocFormats from "../../boards/DocFormats.ts"
import * as Embeds from "../../boards/Embeds.ts"
import * as Shapes from "../../boards/Shapes.ts"
import * as Texts from "../../boards/Texts.ts"
import * as CodeWidgets from "../../experimental/CodeWidgets.ts"
import type * as Operation from "../../client/Operation.ts"
import type { Item, Size } from "./entities.ts"
import { escape } from "./html.ts"
import type { ItemChange, ItemDecoder, ItemKind } from "./itemKind.ts"
import * as validation from "./validation.ts"

interface Declared {
  readonly operation: Operation.Metadata
}

interface Operations {
  readonly create: Declared
  readonly update?: Declared
}

const decoderOf = (declared: Declared): ItemDecoder => {
  const check = validation.checkerOf(declared)
  // A body that passes the schema of an item's operation is a change of an item.
  return (text) => Result.map(check(text), (change) => change as ItemChange)
}

/** A kind of items whose requests are those that the package declares. */
const kindOf = (
  type: string,
  { create, update }: Operations,
  {
    data = {},
    style = () => ({}),
    ...others
  }: Pick<ItemKind, "resize"> & Partial<Omit<ItemKind, "type" | "collection" | "decodeCreation" | "decodeChange">>
): ItemKind => ({
  type,
  collection: create.operation.path.split("/").at(-1) ?? type,
  decodeCreation: decoderOf(create),
  decodeChange: update && decoderOf(update),
  data,
  style,
  ...others
})

const freely =
  (width: number, height: number): ItemKind["resize"] =>
  (_, change, before) => ({ width, height, ...before, ...change })

const inProportion =
  (size: Size): ItemKind["resize"] =>
  (_, change, before = size) => {
    const scale = (change.width ?? before.width) / before.width
    const byHeight = (change.height ?? before.height) / before.height
    const factor = change.width === undefined ? byHeight : scale
    return { ...before, width: before.width * factor, height: before.height * factor }
  }

const font = { color: "#1a1a1a", fontFamily: "arial", fontSize: "14" }

// What is filled with a colour shows it.
const fillOpacity = ({ style }: ItemChange): string => (style?.["fillColor"] === undefined ? "0.0" : "1.0")

const textless: ReadonlySet<unknown> = new Set(["flow_chart_or", "flow_chart_summing_junction"])

const isOfFlowchart = ({ data }: ItemChange): boolean => String(data?.["shape"]).startsWith("flow_chart_")

export const shape = kindOf("shape", Shapes, {
  data: { content: "", shape: "rectangle" },
  keep: (data) => (textless.has(data["shape"]) ? { ...data, content: "" } : data),
  resize: freely(100, 100),
  style: (request) => ({
    ...font,
    borderColor: "#1a1a1a",
    borderOpacity: "1.0",
    borderStyle: "normal",
    borderWidth: "2.0",
    fillColor: "#ffffff",
    ...(isOfFlowchart(request)
      ? { fillOpacity: "1.0", textAlign: "center", textAlignVertical: "middle" }
      : { fillOpacity: fillOpacity(request), textAlign: "left", textAlignVertical: "top" })
  })
})

/** Of the experimental API. */
export const codeWidget = kindOf("code_widget", CodeWidgets, {
  data: { code: "", language: "javascript", lineNumbersVisible: true, title: "" },
  plain: ["code"],
  hidden: ["parent"],
  resize: freely(640, 360)
})

// The sandbox knows nothing of Markdown but its paragraphs.
const inHtml = (data: Item["data"]): Item["data"] => {
  const paragraphs = String(data["content"]).split(/\n{2,}/)
  return { ...data, contentType: "html", content: paragraphs.map((text) => `<p>${escape(text)}</p>`).join("") }
}

export const contractKinds: ReadonlyArray<ItemKind> = [
  kindOf("text", Texts, {
    resize: freely(320, 36),
    style: (request) => ({ ...font, fillColor: "#ffffff", fillOpacity: fillOpacity(request), textAlign: "center" })
  }),
  shape,
  kindOf("card", Cards, { data: { title: "" }, resize: freely(320, 94), style: () => ({ cardTheme: "#2d9bf0" }) }),
  kindOf("app_card", AppCards, {
    data: { title: "sample app card item", status: "disconnected", owned: true },
    resize: freely(320, 94),
    style: () => ({ fillColor: "#2d9bf0" })
  }),
  kindOf("embed", Embeds, { data: { mode: "inline" }, resize: inProportion({ width: 800, height: 450 }) }),
  kindOf("doc_format", DocFormats, {
    data: { contentVersion: 1 },
    plain: ["content"],
    hidden: ["geometry"],
    resize: freely(800, 450),
    show: (data, query) => (query.get("textContentType") === "html" ? inHtml(data) : data)
  }),
  codeWidget
]
