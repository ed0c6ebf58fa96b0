/**
 * Where tokens are kept. Provide one of the layers here, or your own
 * implementation of {@link TokenStorage}.
 */
export { fromGetSet } from "./storage/getSet.ts"
export { layerMemory } from "./storage/memory.ts"
export { type Stored, TokenStorage, TokenStorageError } from "./storage/service.ts"
