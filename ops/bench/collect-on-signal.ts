/** Preloaded into the server of the idle workload, with `--expose-gc`: the bench asks for a collection before it reads memory. */
process.on('SIGUSR2', () => globalThis.gc?.())
