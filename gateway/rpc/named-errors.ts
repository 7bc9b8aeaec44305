import { type MethodName, methodFacts, ownCode, RpcError, rpcError } from '@heliograph/schemas/tl'

/**
 * Some errors of the protocol mean the same, and each method's entry in the schema data names one of them. What is shared by
 * handlers raises the one that most methods name; here it becomes the one that this method names.
 */
const SAME: Readonly<Record<string, readonly string[]>> = {
  MESSAGE_ID_INVALID: ['MSG_ID_INVALID'],
  MSG_ID_INVALID: ['MESSAGE_ID_INVALID'],
  TTL_MEDIA_INVALID: ['MEDIA_TTL_INVALID'],
  EXTERNAL_URL_INVALID: ['WEBPAGE_CURL_FAILED'],
  TOPIC_ID_INVALID: ['MSG_ID_INVALID'],
  CHAT_ID_INVALID: ['PEER_ID_INVALID'],
  PEER_ID_INVALID: ['CHAT_ID_INVALID'],
  // Who is not in a chat may do nothing there that its administrators may.
  CHAT_WRITE_FORBIDDEN: ['CHAT_ADMIN_REQUIRED'],
}

/** Whether the method's entry in the schema data names the error. */
export const names = (method: string, error: string): boolean =>
  methodFacts()[method]?.errors.includes(error) === true

/** The refusal as the method's entry names it, with the code that it has there; anything else, and what it names nothing for, as it is. */
export function asNamed(method: MethodName, error: unknown): unknown {
  if (!(error instanceof RpcError)) return error
  const named = renamed(method, error)
  const code = ownCode(method, named.errorMessage)
  return code === undefined || code === named.code ? named : new RpcError(code, named.errorMessage)
}

function renamed(method: MethodName, error: RpcError): RpcError {
  const others = SAME[error.errorMessage]
  if (others === undefined || names(method, error.errorMessage)) return error
  const named = others.find((other) => names(method, other))
  return named === undefined ? error : rpcError(named)
}
