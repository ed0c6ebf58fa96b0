/**
 * Where tokens are kept. Provide one of the layers here, or your own
 * implementation of {@link TokenStorage}.
 */
export {
  type EncryptionKey,
  InvalidEncryptionKeys,
  layerEncrypted,
  layerEncryptedConfig,
  RecordNotDecrypted
} from "./storage/encrypted.ts"
export { layerFile } from "./storage/file.ts"
export { layerGetSet } from "./storage/getSet.ts"
export { layerKeyValueStore } from "./storage/keyValueStore.ts"
export { layerMemory } from "./storage/memory.ts"
export { layerRedis } from "./storage/redis.ts"
export { type Stored, TokenStorage, TokenStorageError } from "./storage/service.ts"
export { layerSql } from "./storage/sql.ts"
