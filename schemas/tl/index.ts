/** Telegram's wire schema: values of the newest layer, read from and written for clients of every known layer. */
export {
  decodeCall,
  decodeObject,
  decodeResult,
  encodeCall,
  encodeObject,
  encodeOwn,
  encodeResult,
  writeResult,
} from './codec.ts'
export type { Loose } from './compat/rules.ts'
export { type DecodeReason, TlDecodeError } from './decode-error.ts'
export { errorCode, errorCodes, type MethodFacts, methodFacts, ownCode } from './errors.ts'
export { gunzip, gzip } from './gzip.ts'
export {
  BOOL_FALSE_ID,
  BOOL_TRUE_ID,
  GZIP_PACKED_ID,
  MSG_CONTAINER_ID,
  RPC_ERROR_ID,
  RPC_RESULT_ID,
  VECTOR_ID,
} from './ids.ts'
export { LAYERS, NEWEST_LAYER, servedLayer } from './layers.ts'
export { newestMethods } from './methods.ts'
export { type TlLimits, TlReader } from './reader.ts'
export { floodWait, RpcError, rpcError } from './rpc-error.ts'
export type {
  AnyCall,
  AnyObject,
  Call,
  ConstructorName,
  MethodName,
  Mt,
  MtName,
  MtObject,
  Result,
  Tl,
  TlType,
  TypeName,
} from './types.ts'
export { TlWriter } from './writer.ts'
