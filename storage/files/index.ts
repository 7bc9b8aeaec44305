export * from './blobs.ts'
export { DirectoryCopies } from './copies.ts'
export * from './keyring.ts'
export { existingMasterKey, masterKey, UnusableMasterKey } from './master-key.ts'
