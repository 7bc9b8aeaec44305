import { setFlagsFromString } from 'node:v8'

/**
 * Imported before anything else. Files pass through large buffers outside V8's heap, and V8 answers each 64 MiB of them with
 * a collection of everything. Threads that mark beside the program then cost more than the program itself
 * (docs/decisions/0018).
 */
setFlagsFromString('--no-concurrent-marking')
