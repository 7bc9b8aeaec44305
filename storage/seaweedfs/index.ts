export { SeaweedBlobs, type SeaweedSettings } from './blobs.ts'
