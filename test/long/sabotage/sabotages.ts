/** All faults to plant, each of which a test has to notice. */
import { calls } from "./calls.ts"
import { documentation } from "./documentation.ts"
import { downloads } from "./downloads.ts"
import { inputs } from "./inputs.ts"
import { limits } from "./limits.ts"
import { lists } from "./lists.ts"
import { logins } from "./logins.ts"
import { refreshers } from "./refreshers.ts"
import { requests } from "./requests.ts"
import { secrets } from "./secrets.ts"
import { tokens } from "./tokens.ts"
import { uploads } from "./uploads.ts"
import type { Sabotage } from "./sabotage.ts"

export const sabotages: ReadonlyArray<Sabotage> = [
  ...calls,
  ...documentation,
  ...downloads,
  ...inputs,
  ...limits,
  ...lists,
  ...logins,
  ...refreshers,
  ...requests,
  ...secrets,
  ...tokens,
  ...uploads
]
