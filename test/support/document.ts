/**
 * Where Miro's OpenAPI document is, which is no part of this project: the
 * environment variable `MIRO_OPENAPI_DOCUMENT` says so. The tests that need it
 * are skipped without; that it is there where it matters is a test in
 * `contract/`.
 *
 * @see https://github.com/miroapp/api-clients
 */
import { resolve } from "node:path"

const location = process.env["MIRO_OPENAPI_DOCUMENT"] ?? ""

export const isMissing = location === ""

export const path = resolve(location)
