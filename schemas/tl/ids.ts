/**
 * Constructor ids that the reader, the writer and the session layer handle by themselves, as signed 32-bit integers:
 * `TlReader.int32()` gives them so. Source: https://core.telegram.org/schema/mtproto
 */
export const VECTOR_ID = 0x1cb5c415
export const BOOL_TRUE_ID = 0x997275b5 | 0
export const BOOL_FALSE_ID = 0xbc799737 | 0
export const GZIP_PACKED_ID = 0x3072cfa1
export const MSG_CONTAINER_ID = 0x73f1f8dc
export const RPC_RESULT_ID = 0xf35c6d01 | 0
export const RPC_ERROR_ID = 0x2144ca19
