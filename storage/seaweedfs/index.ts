export { SeaweedBlobs, type SeaweedSettings } from './blobs.ts'
export { type ReplicaSettings, SeaweedCopies } from './copies.ts'
