/** Faults in how the content of an upload is read. */
import type { Sabotage } from "./sabotage.ts"

const file = "src/client/operation/multipart.ts"
const tests = ["test/client/uploadSources.test.ts"]

export const uploads: ReadonlyArray<Sabotage> = [
  {
    name: "a stream that may stall for ever",
    file,
    find: "Stream.timeoutOrElse({ duration: deadline, orElse: () => Stream.fail(stalled(deadline)) }),",
    replace: "",
    tests
  },
  {
    name: "a source that may take for ever in all",
    file,
    find: "duration: attempt,",
    replace: "duration: Infinity,",
    tests
  },
  {
    name: "an upload whose attempts do not count how long it took to read",
    file: "src/client/call/call.ts",
    find: "return Deadline.since(began)(retry(",
    replace: "return Deadline.since(began + 10_000_000_000n)(retry(",
    tests
  },
  {
    name: "pieces of a stream that are no bytes",
    file,
    find: 'isBytes(piece) ? copy(piece) : Effect.fail("is a stream of something else than Uint8Arrays")',
    replace: "copy(piece as Uint8Array)",
    tests
  },
  {
    name: "pieces of a stream that are kept without a copy",
    file,
    find: "new Uint8Array(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))",
    replace: "new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)",
    tests
  },
  {
    name: "a source that throws",
    file,
    find: "Effect.catchDefect((defect) => Effect.fail(unreadable(defect)))",
    replace: "(self) => self",
    tests
  },
  {
    name: "a file without a name",
    file,
    find: 'if (filename === "") return "must have a filename"',
    replace: "",
    tests
  }
]
