/**
 * Preloaded into the server of the idle workload, with `--expose-gc`: at a signal it collects garbage and says what is left in
 * use. The second collection waits for what the first leaves to threads in the background, such as freeing buffers.
 */
const SECOND_AFTER_MS = 500

const collect = () => globalThis.gc?.()

function say(): void {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  console.log(`in-use ${heapUsed + external}`)
}

process.on('SIGUSR2', () => {
  collect()
  setTimeout(say, SECOND_AFTER_MS)
})
