export interface ByteRange {
  readonly start: number
  /** Exclusive. */
  readonly end: number
  readonly isPart: boolean
}

/** The one range that a `Range` header asks for (RFC 9110, 14.1.2); everything where it is none, or several. */
export function parseRange(header: string, sizeBytes: number): ByteRange | 'unsatisfiable' {
  const whole = { start: 0, end: sizeBytes, isPart: false }
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (match === null) return whole
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return whole
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes, isPart: true }
  }
  const start = Number(first)
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)
  if (last !== '' && Number(last) < start) return whole
  return start >= sizeBytes ? 'unsatisfiable' : { start, end, isPart: true }
}
