/** Faults in hiding secrets. */
import type { Sabotage } from "./sabotage.ts"

const redaction = "src/http/redaction.ts"
const spelling = "src/http/spelling.ts"
const client = ["test/client/secrets.test.ts"]
const auth = ["test/auth/secrets.test.ts"]

export const secrets: ReadonlyArray<Sabotage> = [
  {
    name: "an excerpt that cuts through a token",
    file: redaction,
    find: "const window = text.slice(0, cut + reach)",
    replace: "const window = text.slice(0, cut)",
    tests: client
  },
  {
    name: "a short token that riddles a text",
    file: redaction,
    find: "if (hits.some(({ isShort }) => isShort)) return placeholder",
    replace: "",
    tests: client
  },
  {
    name: "a code that is withheld for a part of a word",
    file: redaction,
    find: "return name.test(text)\n",
    replace: "return text === name.source\n",
    tests: client
  },
  {
    name: "an escaped slash that hides a token",
    file: spelling,
    find: "if (!mayHaveEscapes.test(text)) return [asItIs]",
    replace: "if (text !== asItIs.text || mayHaveEscapes) return [asItIs]",
    tests: client
  },
  {
    name: "tokens that are issued with an error and shown",
    file: "src/http/exchange.ts",
    find: "secretsIn === undefined ? redaction : redaction.and(secretsIn(text))",
    replace: "secretsIn === undefined ? redaction : redaction.and([])",
    tests: auth
  }
]
