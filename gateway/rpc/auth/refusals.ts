import { type MethodName, RpcError } from '@heliograph/schemas/tl'
import type { OpenHandler } from '../handler.ts'

/** A method that is answered with one and the same error, because what it needs cannot exist here. */
export function refuse<M extends MethodName>(message: string, code = 400): OpenHandler<M> {
  return () => {
    throw new RpcError(code, message)
  }
}
