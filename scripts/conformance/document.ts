/**
 * The operations of Miro's OpenAPI document, cleaned of what only its own
 * tools need.
 */
import { Predicate } from "effect"
import { type Field, type LimitName, limitsOf, mergeAll, type ObjectShape, type Shape } from "./shape.ts"

/** An operation as the document describes it. */
export interface Documented {
  readonly id: string
  readonly tag: string
  readonly method: string
  readonly path: string
  readonly scopes: ReadonlyArray<string>
  readonly level: number | undefined
  readonly isPerItem: boolean
  readonly pagination: { readonly kind: string; readonly maximum: number | undefined } | undefined
  readonly query: ObjectShape
  readonly body: { readonly contentTypes: ReadonlyArray<string>; readonly shape: Shape } | undefined
  readonly successes: ReadonlyArray<{ readonly status: number; readonly shape: Shape | undefined }>
}

type Json = Readonly<Record<string, unknown>>

const object = (u: unknown): Json => (Predicate.isObject(u) ? u : {})

const array = (u: unknown): ReadonlyArray<unknown> => (Array.isArray(u) ? u : [])

const text = (u: unknown): string => (typeof u === "string" ? u : "")

// The document has the length of a text on a list too. Many of its numbers are texts.
const limitsFor: Readonly<Record<string, ReadonlyArray<LimitName>>> = {
  string: ["minLength", "maxLength", "minimum", "maximum"],
  integer: ["minimum", "maximum"],
  number: ["minimum", "maximum"],
  array: ["minItems", "maxItems"]
}

const pick = (schema: Json, names: ReadonlyArray<string>): Json =>
  Object.fromEntries(names.map((name) => [name, schema[name]]))

const methods = ["get", "post", "put", "patch", "delete"]

// The document gives the parameters of some paths a suffix, since its paths have to differ:
// `{board_id_PlatformTags}`, `{board_id_Platformcreateitemsinbulkusingfilefromdevice}`.
const suffix = /_Platform\w+/

export const camelCase = (name: string): string =>
  name.replace(suffix, "").replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** With the names of its parameters in camel case, and without the `?` that one path ends with. */
const cleanPath = (path: string): string =>
  path.replace(/\?$/, "").replaceAll(/\{(\w+)\}/g, (_, name: string) => `{${camelCase(name)}}`)

const scopesOf = (description: string): ReadonlyArray<string> => {
  const section = /Required scope<\/h3>(.*?)(?:<h3>|$)/s.exec(description)?.[1] ?? ""
  return Array.from(section.matchAll(/>\s*([a-z:]+)\s*<\/a>/g), ([, scope = ""]) => scope)
}

const levelOf = (description: string) => {
  const section = /Rate limiting<\/h3>(.*?)(?:<h3>|$)/s.exec(description)?.[1] ?? ""
  const level = /Level\s*(\d)/.exec(section)?.[1]
  return { level: level === undefined ? undefined : Number(level), isPerItem: /<\/a>\s*per item/.test(section) }
}

export const read = (json: unknown): ReadonlyArray<Documented> => {
  const document = object(json)

  const resolve = (u: unknown): Json => {
    const { $ref, ...rest } = object(u)
    if (typeof $ref !== "string") return rest
    const [, ...path] = $ref.split("/")
    return resolve(path.reduce<Json>((within, key) => object(within[key]), document))
  }

  const properties = (schema: Json, within: ReadonlySet<unknown>): Shape => {
    const required = array(schema["required"])
    return {
      object: {
        fields: new Map(
          Object.entries(object(schema["properties"])).map(([name, field]): readonly [string, Field] => [
            name,
            { required: required.includes(name), shape: shapeOf(field, within) }
          ])
        )
      }
    }
  }

  const shapeOf = (u: unknown, within: ReadonlySet<unknown> = new Set()): Shape => {
    const { $ref } = object(u)
    if (within.has($ref)) return { any: true }
    const schema = resolve(u)
    const inside = typeof $ref === "string" ? new Set([...within, $ref]) : within
    const all = array(schema["allOf"])
    if (all.length > 0) return allOf(all.map((part) => shapeOf(part, inside)))
    const one = [...array(schema["oneOf"]), ...array(schema["anyOf"])]
    if (one.length > 0) return mergeAll(one.map((part) => shapeOf(part, inside)))
    const shape = plainShapeOf(schema, inside)
    const limits = limitsOf(pick(schema, limitsFor[text(schema["type"])] ?? []))
    return limits.size === 0 ? shape : { ...shape, limits }
  }

  const plainShapeOf = (schema: Json, inside: ReadonlySet<unknown>): Shape => {
    const format = typeof schema["format"] === "string" ? schema["format"] : undefined
    switch (schema["type"]) {
      case "string": {
        if (format === "binary") return { file: true }
        const values = array(schema["enum"]).map(String)
        return { string: { values: values.length > 0 ? new Set(values) : undefined, format } }
      }
      case "integer":
      case "number":
        return { number: { format } }
      case "boolean":
        return { boolean: true }
      case "array":
        return { array: shapeOf(schema["items"], inside) }
      default:
        return schema["properties"] === undefined ? { any: true } : properties(schema, inside)
    }
  }

  // A later part says more of a field that an earlier one has.
  const allOf = (parts: ReadonlyArray<Shape>): Shape => ({
    object: { fields: new Map(parts.flatMap((part) => Array.from(part.object?.fields ?? []))) }
  })

  const bodyOf = (content: Json): Shape | undefined => {
    const [media] = Object.values(content)
    const { schema } = object(media)
    if (schema === undefined) return undefined
    const shape = shapeOf(schema)
    // An object without properties is how the document says that there is no body.
    return shape.any ? undefined : shape
  }

  const operationOf = (path: string, method: string, item: Json): Documented => {
    const operation = object(item[method])
    const description = text(operation["description"])
    const parameters = [...array(item["parameters"]), ...array(operation["parameters"])]
      .map(resolve)
      .filter((parameter) => parameter["in"] === "query")
    const query = new Map(
      parameters.map((parameter): readonly [string, Field] => [
        text(parameter["name"]),
        { required: parameter["required"] === true, shape: shapeOf(parameter["schema"]) }
      ])
    )
    const limits = parameters.find(({ name }) => name === "limit" || name === "count")
    const { maximum } = object(resolve(limits?.["schema"]))
    const kind = ["cursor", "offset", "startIndex"].find((name) => query.has(name))
    const content = object(resolve(operation["requestBody"])["content"])
    const body = bodyOf(content)
    return {
      id: text(operation["operationId"]),
      tag: text(array(operation["tags"])[0]),
      method: method.toUpperCase(),
      path: cleanPath(path),
      scopes: scopesOf(description),
      ...levelOf(description),
      pagination: kind === undefined ? undefined : { kind, maximum: typeof maximum === "number" ? maximum : undefined },
      query: { fields: query },
      body: body === undefined ? undefined : { contentTypes: Object.keys(content), shape: body },
      successes: Object.entries(object(operation["responses"]))
        .filter(([status]) => status.startsWith("2"))
        .map(([status, response]) => ({
          status: Number(status),
          shape: bodyOf(object(resolve(response)["content"]))
        }))
    }
  }

  return Object.entries(object(document["paths"])).flatMap(([path, item]) =>
    methods.filter((method) => method in object(item)).map((method) => operationOf(path, method, object(item)))
  )
}
