import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { Page } from "../Pagination.ts"

type Read = (page: Page<unknown>) => ReadonlyArray<unknown>

const itemsOf: Read = ({ Resources = [], data = Resources }) => data

const readerOf = (schema: Schema.Constraint): Read => {
  const page = SchemaAST.toType(schema.ast)
  const names = new Set(SchemaAST.isObjects(page) ? page.propertySignatures.map(({ name }) => name) : [])
  return names.has("Resources") && !names.has("data") ? ({ Resources = [] }) => Resources : itemsOf
}

/**
 * Reads the items of pages with this schema, by the field that it declares: a
 * page may have others that nobody has looked at.
 */
export const make = (schema: Schema.Constraint): Read => {
  let read: Read | undefined
  return (page) => (read ??= readerOf(schema))(page)
}
