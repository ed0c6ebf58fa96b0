/** The sandbox in process, where a test fails at a response that is not as Miro's document says. */
import { Layer } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { isMissing } from "../contract/document.ts"
import { unexplained } from "./deviations.ts"
import { type Exchange, recordClient } from "./exchanges.ts"

const check = (exchange: Exchange): void => {
  const problems = unexplained([exchange])
  if (problems.length > 0) throw new Error(`${exchange.method} ${exchange.url.pathname}: ${problems.join("; ")}`)
}

export const layerHttpClient = isMissing
  ? MiroSandbox.layerHttpClient
  : recordClient(check).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))
