export { ConfluentRegistry, type ConfluentRegistrySettings } from './confluent-registry.ts'
export { RegistryUnavailable } from './failures.ts'
