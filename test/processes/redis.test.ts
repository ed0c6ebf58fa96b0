import { suite } from "./suite.ts"

suite("Redis")
