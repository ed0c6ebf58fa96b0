import { it } from "@effect/vitest"
import { shareOneRefresh } from "../auth/refresh/schedules.ts"

it.effect(
  "1,000 callers at once share one refresh and all get their response, over 100 random schedules",
  () => shareOneRefresh({ callers: 1000, schedules: 100 }),
  600_000
)
