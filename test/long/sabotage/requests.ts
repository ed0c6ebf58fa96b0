/** Faults in what is sent, and where to. */
import type { Sabotage } from "./sabotage.ts"

const sockets = ["test/http/sockets.test.ts"]
const pipeline = ["test/client/MiroClient.test.ts"]

export const requests: ReadonlyArray<Sabotage> = [
  {
    name: "a redirect that is followed",
    file: "src/http/exchange.ts",
    find: 'redirect: "manual"',
    replace: 'redirect: "follow"',
    tests: sockets
  },
  {
    name: "tokens that are sent in the clear",
    file: "src/http/baseUrl.ts",
    find: "loopback.test(hostname) || allowInsecure",
    replace: "loopback.test(hostname) || !allowInsecure",
    tests: pipeline
  },
  {
    name: "a header that is not looked at",
    file: "src/http/headers.ts",
    find: "if (!goodValue.test(value)) return",
    replace: "if (!goodName.test(name)) return",
    tests: pipeline
  },
  {
    name: "a value that only a response can have, sent back",
    file: "src/client/operation/toInput.ts",
    find: '(value === "unknown" && !literals.includes(value) ? undefined : value)',
    replace: "value",
    tests: ["test/client/operation/toInput.test.ts"]
  },
  {
    name: "width and height of what has fixed proportions",
    file: "src/client/operation/toInput.ts",
    find: "hasFixedRatio ? withOneSide(arranged) : arranged",
    replace: "arranged",
    tests: ["test/client/operation/toInput.test.ts"]
  }
]
