/** The state of a sandbox, written down as JSON and read again. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as entities from "./entities.ts"
import type { Grants } from "./grants.ts"
import * as grants from "./grants.ts"
import { Rows } from "./rows.ts"
import type { Board, Store } from "./store.ts"
import { byId } from "./store.ts"

const BoardState = Schema.Struct({
  ...entities.EmptyBoard.fields,
  members: Schema.Array(entities.Member),
  items: Schema.Array(entities.Item),
  tags: Schema.Array(entities.Tag),
  connectors: Schema.Array(entities.Connector),
  groups: Schema.Array(entities.Group),
  mindMapNodes: Schema.Array(entities.MindMapNode)
})

const GrantState = Schema.Struct({
  userId: Schema.String,
  teamId: Schema.String,
  scopes: Schema.optional(Schema.Array(Schema.String)),
  revoked: Schema.Boolean,
  /** The last access token, which may be dead. */
  accessToken: Schema.String,
  accessTokens: Schema.Array(Schema.Struct({ token: Schema.String, expiresAt: Schema.Finite })),
  refreshTokens: Schema.Array(
    Schema.Struct({ token: Schema.String, expiresAt: Schema.Finite, spentAt: Schema.optional(Schema.Finite) })
  )
})

const CodeState = Schema.Struct({
  code: Schema.String,
  session: Schema.Struct({
    userId: Schema.String,
    teamId: Schema.String,
    scopes: Schema.optional(Schema.Array(Schema.String))
  }),
  challenge: Schema.optional(Schema.String),
  expiresAt: Schema.Finite,
  redeemed: Schema.Boolean
})

const counters = { boardsCreated: Schema.Int, itemsCreated: Schema.Int, peopleCreated: Schema.Int }

const State = Schema.Struct({
  /** The version of this format. */
  snapshot: Schema.Literal(1),
  ...counters,
  boards: Schema.Array(BoardState),
  resources: Schema.Array(Schema.Struct({ path: Schema.String, resources: Schema.Array(entities.Resource) })),
  people: Schema.Array(entities.Person),
  exportJobs: Schema.Array(entities.ExportJob),
  history: Schema.Array(entities.Happening),
  signed: Schema.Array(Schema.Struct({ ...entities.SignedFile.fields, signature: Schema.String })),
  codes: Schema.Array(CodeState),
  grants: Schema.Array(GrantState)
})

type State = typeof State.Type

const Text = Schema.fromJsonString(State)

const boardState = (board: Board): typeof BoardState.Type => ({
  ...board,
  members: [...board.members.values()],
  items: [...board.items.values()],
  tags: [...board.tags.values()],
  connectors: [...board.connectors.values()],
  groups: [...board.groups.values()],
  mindMapNodes: [...board.mindMapNodes.values()]
})

const boardOf = (state: typeof BoardState.Type): Board => ({
  ...state,
  members: byId(state.members),
  items: Rows.of(state.items),
  tags: byId(state.tags),
  connectors: Rows.of(state.connectors),
  groups: byId(state.groups),
  mindMapNodes: Rows.of(state.mindMapNodes)
})

/** Entries of a map that are of one grant, with their tokens. */
const tokensOf = <A extends { readonly grant: grants.Grant }>(tokens: ReadonlyMap<string, A>, grant: grants.Grant) =>
  Array.from(tokens, ([token, value]) => ({ token, ...value })).filter((value) => value.grant === grant)

const grantStates = ({ accessTokens, refreshTokens }: Grants): State["grants"] => {
  const all = new Set([...accessTokens.values(), ...refreshTokens.values()].map(({ grant }) => grant))
  return Array.from(all, (grant) => ({
    ...grant,
    accessTokens: tokensOf(accessTokens, grant),
    refreshTokens: tokensOf(refreshTokens, grant)
  }))
}

const grantsOf = (store: Store, state: State): Grants => {
  const known = grants.make(store.settings)
  for (const { code, ...kept } of state.codes) known.codes.set(code, { challenge: undefined, ...kept })
  for (const { accessTokens, refreshTokens, ...kept } of state.grants) {
    const grant = { ...kept }
    for (const { expiresAt, token } of accessTokens) known.accessTokens.set(token, { grant, expiresAt })
    for (const { expiresAt, spentAt, token } of refreshTokens) {
      known.refreshTokens.set(token, { grant, expiresAt, spentAt })
    }
  }
  return known
}

/** What is kept at the moment. Links to files that are good no more are left out. */
export const take = (store: Store, now: number): State => ({
  snapshot: 1,
  boardsCreated: store.boardsCreated,
  itemsCreated: store.itemsCreated,
  peopleCreated: store.peopleCreated,
  boards: Array.from(store.boards.values(), boardState),
  resources: Array.from(store.resources, ([path, resources]) => ({ path, resources: [...resources.values()] })),
  people: [...store.people.values()],
  exportJobs: [...store.exportJobs.values()],
  history: [...store.history],
  signed: Array.from(store.signed, ([signature, file]) => ({ signature, ...file })).filter(
    ({ expiresAt }) => expiresAt > now
  ),
  codes: Array.from(store.grants.codes, ([code, kept]) => ({ code, ...kept })),
  grants: grantStates(store.grants)
})

/** Puts what was kept in the place of what there is. */
export const put = (store: Store, state: State): void => {
  Object.assign(store, {
    grants: grantsOf(store, state),
    boards: byId(state.boards.map(boardOf)),
    resources: new Map(state.resources.map(({ path, resources }) => [path, byId(resources)])),
    history: [...state.history],
    exportJobs: byId(state.exportJobs),
    people: byId(state.people),
    signed: new Map(state.signed.map(({ signature, ...file }) => [signature, file])),
    boardsCreated: state.boardsCreated,
    itemsCreated: state.itemsCreated,
    peopleCreated: state.peopleCreated
  } satisfies Partial<Store>)
}

export const encode = (state: State): Effect.Effect<string> => Effect.orDie(Schema.encodeEffect(Text)(state))

export const decode = Schema.decodeEffect(Text)
