import { suite } from "./suite.ts"

suite("SQLite")
