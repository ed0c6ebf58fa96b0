/**
 * Miro's OpenAPI document, which is not a part of this project. The tests that
 * need it find it by `MIRO_OPENAPI_DOCUMENT`, and are skipped without.
 */
import { resolve } from "node:path"

const path = process.env["MIRO_OPENAPI_DOCUMENT"]

// On the way to a release nothing may be left out.
if (path === undefined && process.env["CI"] !== undefined) throw new Error("MIRO_OPENAPI_DOCUMENT is not set")

export const isSkipped = path === undefined

export const document = resolve(path ?? "")
