import { describeBlobs } from '../blobs.contract.ts'
import { MemoryBlobs } from './blobs.ts'

describeBlobs('MemoryBlobs', async () => ({ blobs: new MemoryBlobs(), dispose: async () => undefined }))
