export * from './blobs.ts'
export * from './keyring.ts'
export { masterKey, UnusableMasterKey } from './master-key.ts'
