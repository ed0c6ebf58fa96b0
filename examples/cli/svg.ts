/** A board as a drawing. */
import { Effect, Stream } from "effect"
import type { Items } from "effect-miro"
import { type Area, around, boxOf, draw, isInFrame, viewBox } from "../shared/drawing.ts"

interface Outline {
  readonly area: Area | undefined
  readonly frames: ReadonlyMap<string, Items.Item>
}

/** What has to be known of all items before the first is written: how far they reach, and where the frames are. */
const outlineOf = <E, R>(items: Stream.Stream<Items.Item, E, R>): Effect.Effect<Outline, E, R> => {
  const frames = new Map<string, Items.Item>()
  return items.pipe(
    Stream.tap((item) => Effect.sync(() => item.type === "frame" && frames.set(item.id, item))),
    // What is in a frame reaches no further.
    Stream.filter((item) => !isInFrame(item)),
    Stream.runFold(
      (): Area | undefined => undefined,
      (area, item) => around(area ?? boxOf(item, frames), boxOf(item, frames))
    ),
    Effect.map((area) => ({ area, frames }))
  )
}

/** Reads the items twice, and holds the frames and a page of the others at a time. */
export const svg = <E, R>(items: Stream.Stream<Items.Item, E, R>) =>
  Stream.unwrap(
    Effect.map(outlineOf(items), ({ area = { x: 0, y: 0, width: 0, height: 0 }, frames }) =>
      Stream.make(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox(area)}">\n`).pipe(
        // Frames are behind what is in them.
        Stream.concat(
          Stream.concat(
            Stream.fromIterable(frames.values()),
            Stream.filter(items, ({ type }) => type !== "frame")
          ).pipe(Stream.map((item) => `${draw(boxOf(item, frames)).markup}\n`))
        ),
        Stream.concat(Stream.make("</svg>\n"))
      )
    )
  )
