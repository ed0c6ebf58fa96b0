/**
 * Holds requests and responses against the document, by the rules of
 * `openapi-backend` and the Ajv in it.
 */
import { type AjvCustomizer, type Document, OpenAPIBackend, type ValidationResult } from "openapi-backend"
import type { Contract, Parameter, Schema } from "./openapi.ts"

export interface HttpRequest {
  readonly method: string
  /** The path and the query, byte for byte. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** What is wrong, each in one line. */
export type Problems = ReadonlyArray<string>

const mapSchema = (schema: Schema, f: (schema: Schema) => Schema): Schema => {
  const inside = (schemas: ReadonlyArray<Schema>) => schemas.map((schema) => mapSchema(schema, f))
  return f({
    ...schema,
    ...(schema.items && { items: mapSchema(schema.items, f) }),
    ...(schema.anyOf && { anyOf: inside(schema.anyOf) }),
    ...(schema.oneOf && { oneOf: inside(schema.oneOf) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, field]) => [name, mapSchema(field, f)])
      )
    })
  })
}

const isBinary = (schema: Schema | undefined): boolean => schema?.format === "binary"

/** Miro refuses fields that it does not know, and a file stands here for its name. */
const strict = (schema: Schema): Schema =>
  isBinary(schema)
    ? { type: "string", minLength: 1 }
    : { ...schema, ...(schema.properties && { additionalProperties: schema.additionalProperties ?? false }) }

/** Many numbers are strings to the document, with bounds that mean nothing for a string. */
const numeric = (parameter: Parameter): Parameter =>
  parameter.in === "query" && parameter.schema.type === "string" && parameter.schema.minimum !== undefined
    ? { ...parameter, schema: { ...parameter.schema, type: "integer" } }
    : parameter

const definitionOf = ({ responses, body, id, method, parameters, path }: Contract): Document => {
  const documented = new Map(
    responses.map(({ schema, status }) => [
      String(status),
      { description: "", content: { "application/json": { schema } } }
    ])
  )
  const operation = {
    operationId: id,
    parameters: parameters.map(numeric),
    ...(body && {
      requestBody: {
        required: body.required,
        content: Object.fromEntries(
          Object.entries(body.schemas).map(([type, schema]) => [type, { schema: mapSchema(schema, strict) }])
        )
      }
    }),
    responses: Object.fromEntries(documented)
  }
  // A copy, in which no two schemas are one object: those are taken for cycles.
  return JSON.parse(
    JSON.stringify({
      openapi: "3.0.1",
      info: { title: "Miro", version: "2" },
      paths: { [path]: { [method]: operation } }
    })
  )
}

/** How strings of a format are told. */
export const formats = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  "date-time": /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
  uri: (text: string) => URL.canParse(text),
  uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
}

type Ajv = Parameters<AjvCustomizer>[0]

// To make one takes longer than to compile the schemas of an operation.
const shared = new Map<string, Ajv>()

const share: AjvCustomizer = (ajv, _, context) => {
  const first = shared.get(context) ?? ajv
  shared.set(context, first)
  return first
}

const backends = new WeakMap<Contract, Promise<OpenAPIBackend>>()

const backendOf = (contract: Contract): Promise<OpenAPIBackend> => {
  const known = backends.get(contract)
  if (known !== undefined) return known
  const backend = new OpenAPIBackend({
    definition: definitionOf(contract),
    ajvOpts: { allErrors: true, code: { optimize: false }, formats },
    customizeAjv: share,
    ignoreTrailingSlashes: false,
    quick: true,
    strict: true
  }).init()
  backends.set(contract, backend)
  return backend
}

const inWords = ({ errors }: ValidationResult): Problems =>
  (errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || "it"} ${message} ${JSON.stringify(params)}`
  )

interface Parsed {
  readonly value: unknown
  readonly problems: Problems
}

const partOf = async (name: string, part: FormDataEntryValue, schema: Schema | undefined): Promise<Parsed> => {
  if (typeof part === "string") return { value: part, problems: [`the part ${name} is no file`] }
  if (isBinary(schema)) {
    const problems = part.type === "" || part.size === 0 ? [`the file ${name} has no type or no content`] : []
    return { value: part.name, problems }
  }
  const problems = part.type === "application/json" ? [] : [`the part ${name} is of type ${part.type}`]
  return { value: JSON.parse(await part.text()), problems }
}

const parseForm = async (form: FormData, schema: Schema): Promise<Parsed> => {
  const problems: Array<string> = []
  const value: Record<string, unknown> = {}
  for (const name of new Set(form.keys())) {
    const field = schema.properties?.[name]
    const isList = field?.type === "array" && isBinary(field.items)
    const parts = await Promise.all(form.getAll(name).map((part) => partOf(name, part, isList ? field.items : field)))
    problems.push(...parts.flatMap((part) => part.problems))
    if (!isList && parts.length > 1) problems.push(`there are ${parts.length} parts ${name}`)
    value[name] = isList ? parts.map((part) => part.value) : parts[0]?.value
  }
  return { value, problems }
}

const parseBody = async ({ body, headers }: HttpRequest, contract: Contract): Promise<Parsed> => {
  const header = headers["content-type"]
  if (header === undefined) {
    return { value: undefined, problems: body.length > 0 ? ["there is a body without a content type"] : [] }
  }
  const [type = ""] = header.split(";")
  const schema = contract.body?.schemas[type]
  if (schema === undefined) return { value: undefined, problems: [`there is a body of type ${type}`] }
  return type === "multipart/form-data"
    ? parseForm(await new Response(body, { headers: { "content-type": header } }).formData(), schema)
    : { value: JSON.parse(new TextDecoder().decode(body)), problems: [] }
}

/** What the document finds wrong with a request. */
export const validateRequest = async (contract: Contract, request: HttpRequest): Promise<Problems> => {
  const backend = await backendOf(contract)
  const { problems, value } = await parseBody(request, contract)
  const route = {
    method: request.method,
    path: request.target,
    headers: { ...request.headers },
    body: value
  }
  return backend.matchOperation(route) === undefined
    ? [`there is no ${request.method} ${request.target}`]
    : [...problems, ...inWords(backend.validateRequest(route, contract.id))]
}

/** What the document finds wrong with a response. */
export const validateResponse = async (contract: Contract, status: number, body: unknown): Promise<Problems> => {
  const backend = await backendOf(contract)
  return inWords(backend.validateResponse(body, contract.id, status))
}
