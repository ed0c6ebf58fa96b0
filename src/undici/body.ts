import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** How undici lets one steer a request. */
export interface Controller {
  abort(reason: Error): void
  pause(): void
  resume(): void
}

// So much of a body comes before somebody asks for it.
const highWaterMark = 64 * 1024

const concat = (chunks: ReadonlyArray<Uint8Array>, length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

const alreadyRead = () => new Error("the body was read as a stream")

/**
 * The body of a response, from when it begins to come. Undici is paused while
 * there is more of it than is asked for.
 */
export class ResponseBody {
  /** Whether it has come to its end, be that a good one or not. */
  isComplete = false
  #chunks: Array<Uint8Array> = []
  #length = 0
  #isAllWanted = false
  /** Whether a stream has taken some of it, which nobody else gets. */
  #isTaken = false
  #failure: Error | undefined
  #waiting: Array<() => void> = []
  readonly #controller: Controller

  constructor(controller: Controller) {
    this.#controller = controller
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#length += chunk.byteLength
    if (!this.#isAllWanted && this.#length >= highWaterMark) this.#controller.pause()
    this.#wake()
  }

  end(failure?: Error): void {
    this.isComplete = true
    this.#failure = failure
    this.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const look of waiting) look()
  }

  #when<A, E>(isReady: () => boolean, take: () => Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.callback((resume) => {
      const look = () => {
        if (isReady()) resume(take())
        else this.#waiting.push(look)
      }
      look()
    })
  }

  /** All of it, as often as it is asked for. */
  readonly all: Effect.Effect<ArrayBuffer, Error> = Effect.suspend(() => {
    if (this.#isTaken) return Effect.fail(alreadyRead())
    this.#isAllWanted = true
    this.#controller.resume()
    return this.#when(
      () => this.isComplete,
      () => {
        if (this.#failure !== undefined) return Effect.fail(this.#failure)
        const bytes = concat(this.#chunks, this.#length)
        this.#chunks = bytes.length === 0 ? [] : [bytes]
        return Effect.succeed(bytes.buffer)
      }
    )
  })

  #take(): Effect.Effect<readonly [Uint8Array, ...Array<Uint8Array>], Error | Cause.Done> {
    const [first, ...others] = this.#chunks
    if (first === undefined) return this.#failure === undefined ? Cause.done() : Effect.fail(this.#failure)
    this.#isTaken = true
    this.#chunks = []
    this.#length = 0
    this.#controller.resume()
    return Effect.succeed([first, ...others])
  }

  readonly #pieces: Stream.Stream<Uint8Array, Error> = Stream.fromPull(
    Effect.succeed(
      this.#when(
        () => this.#chunks.length > 0 || this.isComplete,
        () => this.#take()
      )
    )
  ).pipe(
    Stream.ensuring(Effect.sync(() => this.isComplete || this.#controller.abort(new Error("not read to its end"))))
  )

  /**
   * It, piece by piece, once unless all of it was asked for before. The connection is closed when somebody stops before
   * the end.
   */
  readonly stream: Stream.Stream<Uint8Array, Error> = Stream.suspend(() => {
    if (this.#isTaken) return Stream.fail(alreadyRead())
    if (!this.#isAllWanted) return this.#pieces
    return Stream.filter(
      Stream.fromEffect(Effect.map(this.all, (buffer) => new Uint8Array(buffer))),
      ({ length }) => length > 0
    )
  })
}
