export * from './blobs.ts'
export * from './keyring.ts'
export { existingMasterKey, masterKey, UnusableMasterKey } from './master-key.ts'
