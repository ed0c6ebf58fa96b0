import { suite } from "./suite.ts"

suite("file")
