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
    name: "an upload that is read outside of the time of its call",
    file: "src/client/Operation.ts",
    find: '=== "multipart/form-data" ? withinCall(declaration) : identity',
    replace: '=== "multipart/form-data" ? identity : identity',
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
    find: "Effect.catchDefect((defect) => Effect.fail(unreadable(defect))),",
    replace: "",
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
