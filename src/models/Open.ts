/**
 * Schemas for the responses of Miro, which may grow without notice: fields and
 * values that this package does not know yet come through as they are.
 */
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"

const undeclared = "effect-miro/undeclared"

/**
 * Whether an object keeps the fields it does not declare, all of them as they
 * are.
 *
 * @internal
 */
export const isOpen = ({ indexSignatures: [others, ...more] }: SchemaAST.Objects): boolean =>
  more.length === 0 && others?.parameter.checks?.[0].annotations?.[undeclared] === true

/**
 * An object that keeps the fields it does not declare.
 *
 * @category constructors
 */
export const struct = <const Fields extends Schema.Struct.Fields>(
  fields: Fields
): Schema.Codec<
  Schema.Struct.Type<Fields>,
  Schema.Struct.Encoded<Fields>,
  Schema.Struct.DecodingServices<Fields>,
  Schema.Struct.EncodingServices<Fields>
> => {
  // Not those that are declared, which are more than JSON once they are decoded.
  const others = Schema.String.check(Schema.makeFilter((name) => !Object.hasOwn(fields, name), { [undeclared]: true }))
  // The other fields are in the value but not in its type, where an index signature would turn every misspelt name
  // into an `unknown`.
  return Schema.StructWithRest(Schema.Struct(fields), [Schema.Record(others, Schema.Unknown)]) as never
}

/**
 * The schema of values whose type has a name, `Self`.
 *
 * @category models
 */
export interface Named<Self, Type, Encoded> extends Schema.Opaque<Self, Schema.Codec<Type, Encoded>, {}> {}

/**
 * The same as {@link struct}, to be extended by a class that gives the type of
 * its values a name, as in `class Tag extends Open.named<Tag>()({ ... }) {}`.
 * The values stay plain objects.
 *
 * @category constructors
 */
export const named =
  <Self>() =>
  <const Fields extends Schema.Struct.Fields>(
    fields: Fields
  ): Named<Self, Schema.Struct.Type<Fields>, Schema.Struct.Encoded<Fields>> =>
    // The types are computed here, once, and not in every program that reads the declarations.
    Schema.Opaque<Self>()(struct(fields)) as never

/**
 * A string of which some values are known: those are completed by an editor,
 * and any other is accepted too.
 *
 * @category constructors
 */
export const literals = <const Known extends ReadonlyArray<string>>(known: Known) =>
  Schema.Union([Schema.Literals(known), Schema.StringForLiteralAutocomplete])
