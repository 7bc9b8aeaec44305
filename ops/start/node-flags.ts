/**
 * How Node is started for a server: `npm start`, the image and the benchmarks say it. Most of what a message allocates is garbage
 * when the message is answered, and with V8's 16 MiB for what is new too much of it lives long enough to be copied: 64 MiB cost
 * 9 % less processor time per message, and 50 MiB of memory (docs/decisions/0018). V8 heeds it at the start of a process only.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=64']
