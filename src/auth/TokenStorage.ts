/**
 * Where tokens are kept. Provide one of the layers here, or your own
 * implementation of {@link TokenStorage}.
 */
export { layerFile } from "./storage/file.ts"
export { fromGetSet } from "./storage/getSet.ts"
export { layerMemory } from "./storage/memory.ts"
export { layerRedis } from "./storage/redis.ts"
export { type Stored, TokenStorage, TokenStorageError } from "./storage/service.ts"
export { layerSql } from "./storage/sql.ts"
