/**
 * Miro's OpenAPI document, one operation at a time.
 *
 * What makes the document unfit for any tool is set right here: its paths
 * collide, so their parameters have suffixes, one path ends with a question
 * mark, and its error responses refer to what is not there. What it says of an
 * operation is left alone; `patches.ts` has the exceptions.
 */

export interface Schema {
  type?: string
  format?: string
  pattern?: string
  enum?: Array<unknown>
  default?: unknown
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  items?: Schema
  properties?: Record<string, Schema>
  required?: Array<string>
  additionalProperties?: boolean
  allOf?: Array<Schema>
  anyOf?: Array<Schema>
  oneOf?: Array<Schema>
  $ref?: string
}

export interface Parameter {
  name: string
  in: "path" | "query"
  required?: boolean
  schema: Schema
  $ref?: string
}

export type Content = Record<string, { schema?: Schema }>

interface Operation {
  operationId: string
  parameters?: Array<Parameter>
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { content?: Content }>
}

const methods = ["get", "post", "put", "patch", "delete"] as const

type Method = (typeof methods)[number]

type PathItem = Partial<Record<Method, Operation>> & { parameters?: Array<Parameter> }

export interface Document {
  paths: Record<string, PathItem>
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> }
}

/** A response by which an operation succeeds. */
export interface Response {
  readonly status: number
  /** Undefined for a response without a body. */
  readonly contentType: string | undefined
  readonly schema: Schema
}

/** What the document says of one operation. */
export interface Contract {
  readonly id: string
  readonly method: Method
  readonly path: string
  readonly parameters: ReadonlyArray<Parameter>
  readonly body: { readonly required: boolean; readonly schemas: Readonly<Record<string, Schema>> } | undefined
  readonly responses: ReadonlyArray<Response>
}

const suffix = /_Platform\w+/

/** The name of a parameter without the suffix that tells its path from a colliding one. */
const plain = (name: string): string => name.replace(suffix, "")

const cleanPath = (path: string): string =>
  path.replace(/\?$/, "").replaceAll(/\{(\w+)\}/g, (_, name: string) => `{${plain(name)}}`)

/** One schema instead of several that all hold. */
const intersection = (schemas: ReadonlyArray<Schema>): Schema => {
  const required = schemas.flatMap((schema) => schema.required ?? [])
  const names = new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))
  const properties = Array.from(names, (name) => [
    name,
    intersection(schemas.flatMap((schema) => schema.properties?.[name] ?? []))
  ])
  return {
    ...Object.assign({}, ...schemas),
    ...(names.size > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required })
  }
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]))

/** The schemas of a document with everything in place that they refer to, and without what only people read. */
const inliner = (document: Document) => {
  const inline = (schema: Schema, within: ReadonlySet<string> = new Set()): Schema => {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.slice("#/components/schemas/".length)
      const target = document.components.schemas[name]
      if (target === undefined) throw new Error(`the document has no schema ${name}`)
      return inline(target, new Set([...within, name]))
    }
    const { allOf, anyOf, items, oneOf, properties } = schema
    // A schema that holds itself does so in an optional field, which is left out from the second time on.
    const isRecursion = (field: Schema) =>
      [field.$ref, field.items?.$ref].some(
        (ref) => ref !== undefined && within.has(ref.slice("#/components/schemas/".length))
      )
    const own: Schema = {
      ...keywords(schema),
      ...(items !== undefined && { items: inline(items, within) }),
      ...(properties !== undefined && {
        properties: mapValues(
          Object.fromEntries(Object.entries(properties).filter(([, field]) => !isRecursion(field))),
          (field) => inline(field, within)
        )
      }),
      ...(anyOf !== undefined && { anyOf: anyOf.map((member) => inline(member, within)) }),
      ...(oneOf !== undefined && { oneOf: oneOf.map((member) => inline(member, within)) })
    }
    return allOf === undefined ? own : intersection([own, ...allOf.map((part) => inline(part, within))])
  }
  return inline
}

const keywordNames = [
  "additionalProperties",
  "default",
  "enum",
  "format",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "pattern",
  "required",
  "type",
  "uniqueItems"
] as const

const keywords = (schema: Schema): Schema =>
  Object.fromEntries(
    keywordNames.map((name) => [name, schema[name]] as const).filter(([, value]) => value !== undefined)
  )

/** The ids of all operations of a document. */
export const ids = (document: Document): ReadonlyArray<string> =>
  Object.values(document.paths).flatMap((item) => methods.flatMap((method) => item[method]?.operationId ?? []))

/** What a document says of the operation with this id. */
export const contractOf = (document: Document, id: string): Contract => {
  const inline = inliner(document)

  const parameterOf = (parameter: Parameter): Parameter => {
    const ref = parameter.$ref?.slice("#/components/parameters/".length)
    const resolved = ref === undefined ? parameter : document.components.parameters[ref]
    if (resolved === undefined) throw new Error(`the document has no parameter ${ref}`)
    return {
      name: plain(resolved.name),
      in: resolved.in,
      required: resolved.required ?? false,
      schema: inline(resolved.schema)
    }
  }

  const parametersOf = (item: PathItem, operation: Operation): ReadonlyArray<Parameter> => {
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(parameterOf)
    // Those of the operation come last, and take the place of those that all operations with the path have.
    return Array.from(new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values())
  }

  const responsesOf = (status: string, content: Content = {}): ReadonlyArray<Response> => {
    const types = Object.entries(content)
    // No response with this status has a body, though the document has content for some.
    return types.length === 0 || status === "204"
      ? [{ status: Number(status), contentType: undefined, schema: {} }]
      : types.map(([contentType, { schema = {} }]) => ({ status: Number(status), contentType, schema: inline(schema) }))
  }

  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method]
      if (operation?.operationId !== id) continue
      return {
        id,
        method,
        path: cleanPath(path),
        parameters: parametersOf(item, operation),
        body: operation.requestBody && {
          required: operation.requestBody.required ?? false,
          schemas: mapValues(operation.requestBody.content, ({ schema = {} }) => inline(schema))
        },
        responses: Object.entries(operation.responses)
          .filter(([status]) => status.startsWith("2"))
          .flatMap(([status, { content }]) => responsesOf(status, content))
      }
    }
  }
  throw new Error(`the document has no operation ${id}`)
}
