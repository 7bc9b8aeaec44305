export * from './blobs.ts'
export * from './keyring.ts'
export { UnusableMasterKey } from './master-key.ts'
