import { assert, it } from "@effect/vitest"
import { Headers } from "effect/http"
import * as RateLimitHeaders from "../../src/http/rateLimitHeaders.ts"

// In quadratic time, each of these takes minutes.
it("headers of any length are read in linear time", () => {
  const long = "1".repeat(300_000)
  for (const value of [`${long}x`, `${long}.${long}x`, `-${long}x`, `${long}e${long}x`]) {
    const headers = Headers.fromInput({
      "retry-after": value,
      "x-ratelimit-remaining": value,
      "x-ratelimit-reset": value
    })
    assert.strictEqual(RateLimitHeaders.remaining(headers), undefined)
    RateLimitHeaders.rateLimit(headers)
    RateLimitHeaders.retryAfter(429, headers, 0)
  }
})
