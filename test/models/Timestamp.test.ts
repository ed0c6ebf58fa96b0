import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Schema } from "effect"
import { Timestamp } from "effect-miro/models/Timestamp"
import * as fc from "fast-check"

const decode = Schema.decodeUnknownOption(Timestamp)

describe("a point in time", () => {
  it("is read as it is written: in UTC, with an offset, with its colon or without, and with or without milliseconds", () => {
    for (const text of [
      "2026-05-20T06:38:21Z",
      "2026-05-20T06:38:21.000Z",
      "2026-05-20T06:38:21",
      "2026-05-20T08:38:21+02:00",
      "2026-05-20T08:38:21+0200",
      "2026-05-19T23:38:21.000-0700"
    ]) {
      assert.strictEqual(
        decode(text).pipe(Option.map(DateTime.formatIso), Option.getOrNull),
        "2026-05-20T06:38:21.000Z"
      )
    }
  })

  it("is none where the text has no such day or hour, or is something else", () => {
    for (const text of [
      "2026-13-01T00:00:00Z",
      "2026-01-01T25:00:00Z",
      "2026-01-01T00:00:00 yesterday Z",
      "4",
      "",
      "Z"
    ]) {
      assert.isTrue(Option.isNone(decode(text)), text)
    }
  })

  it("in UTC is what DateTime makes of it, to the millisecond", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") }), (date) => {
        const text = date.toISOString()
        assert.deepStrictEqual(decode(text), DateTime.make(text))
      })
    )
  })
})
