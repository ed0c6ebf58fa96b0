/** Faults in what is sent, and where to. */
import type { Sabotage } from "./sabotage.ts"

const sockets = ["test/client/sockets.test.ts"]
const pipeline = ["test/client/pipeline.test.ts"]

export const requests: ReadonlyArray<Sabotage> = [
  {
    name: "a redirect that is followed",
    file: "src/internal/exchange.ts",
    find: 'redirect: "manual"',
    replace: 'redirect: "follow"',
    tests: sockets
  },
  {
    name: "tokens that are sent in the clear",
    file: "src/internal/baseUrl.ts",
    find: "loopback.test(hostname) || allowInsecure",
    replace: "loopback.test(hostname) || !allowInsecure",
    tests: pipeline
  },
  {
    name: "a header that is not looked at",
    file: "src/internal/headers.ts",
    find: "if (!goodValue.test(value)) return",
    replace: "if (!goodName.test(name)) return",
    tests: pipeline
  }
]
