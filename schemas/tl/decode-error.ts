/** Why bytes are not a TL value that we accept. */
export type DecodeReason =
  | 'truncated'
  | 'trailing bytes'
  | 'unknown constructor'
  | 'not a method'
  | 'wrong type'
  | 'bad length'
  | 'bad bool'
  | 'too deep'
  | 'vector too long'
  | 'bad compression'
  | 'expands too far'

/** Bytes from outside that are no TL value, or break a limit: never a bug of ours. */
export class TlDecodeError extends Error {
  readonly reason: DecodeReason
  /** The constructor id at fault, where there is one. */
  readonly constructorId: number | undefined

  constructor(reason: DecodeReason, constructorId?: number) {
    super(constructorId === undefined ? reason : `${reason} ${(constructorId >>> 0).toString(16)}`)
    this.name = 'TlDecodeError'
    this.reason = reason
    this.constructorId = constructorId
  }
}
