import { errorCode } from './errors.ts'

const FLOOD_CODE = 420

/** The answer to a call that cannot be carried out: travels as `rpc_error`. */
export class RpcError extends Error {
  readonly code: number
  readonly errorMessage: string

  constructor(code: number, errorMessage: string) {
    super(`${code} ${errorMessage}`)
    this.name = 'RpcError'
    this.code = code
    this.errorMessage = errorMessage
  }
}

/** The error with this name (`PHONE_CODE_INVALID`, `FILE_PART_3_MISSING`) and the code that the schema data gives it. */
export const rpcError = (name: string): RpcError => new RpcError(errorCode(name), name)

/** The error that tells a client to wait so many seconds. */
export const floodWait = (seconds: number): RpcError =>
  new RpcError(FLOOD_CODE, `FLOOD_WAIT_${Math.ceil(seconds)}`)
