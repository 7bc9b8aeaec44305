/** Milliseconds as a person reads them: `0.8 ms`, `12 ms`, `3.4 s`. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(0)} s`
  if (ms >= 1_000) return `${(ms / 1000).toFixed(1)} s`
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`
}

/** `12,345` */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US')
