/**
 * Miro's document, with what is wrong in it set right.
 */
import { readFileSync } from "node:fs"
import * as document from "../support/document.ts"
import { type Contract, contractOf, type Document } from "./openapi.ts"
import { type Patch, patches } from "./patches.ts"

export const { isMissing } = document

/** The document, without one of the patches if there is one to leave out. */
export const read = (without?: Patch): Document => {
  // What Miro publishes is an OpenAPI document, and what is read of it here has these types.
  const json = JSON.parse(readFileSync(document.path, "utf8")) as Document
  for (const patch of patches) if (patch !== without) patch.apply(json)
  return json
}

let patched: Document | undefined
const known = new Map<string, Contract>()

/** What the document, with all patches, says of an operation. */
export const contract = (id: string): Contract => {
  const contract = known.get(id) ?? contractOf((patched ??= read()), id)
  known.set(id, contract)
  return contract
}
