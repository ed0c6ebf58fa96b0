/** The items of a board as text, written while they come. */
import { Schema, Stream } from "effect"
import { Items, type MiroClient, type MiroError } from "effect-miro"
import * as Csv from "../shared/csv.ts"
import { textOfItem } from "../shared/drawing.ts"
import { svg } from "./svg.ts"

type Source = Stream.Stream<Items.Item, MiroError.MiroError, MiroClient.MiroClient>

const encode = Schema.encodeEffect(Items.Item)

const json = (items: Source) =>
  items.pipe(
    Stream.mapEffect((item) => encode(item)),
    Stream.zipWithIndex,
    Stream.map(([item, index]) => `${index === 0 ? "" : ",\n"}${JSON.stringify(item)}`),
    (lines) => Stream.concat(Stream.concat(Stream.make("[\n"), lines), Stream.make("\n]\n"))
  )

const csv = (items: Source) =>
  items.pipe(
    Stream.map((item) => Csv.line([item.id, item.type, textOfItem(item), item.position?.x, item.position?.y])),
    (lines) => Stream.concat(Stream.make("id,type,text,x,y"), lines),
    Stream.map((line) => `${line}\n`)
  )

const markdown = (items: Source) =>
  items.pipe(
    Stream.filter((item) => ["sticky_note", "text", "card", "shape"].includes(item.type)),
    Stream.map((item) => `- ${textOfItem(item).replaceAll(/\s+/g, " ")}\n`)
  )

/** The formats by their names. Each holds a page of items at a time. */
export const formats = { json, csv, markdown, svg }
