import { ID, int, tlBytes, WireReader } from './wire.ts'

/** `server_DH_inner_data`: the group and the server's half of the key. */
export interface ServerInnerData {
  readonly nonce: Uint8Array
  readonly serverNonce: Uint8Array
  readonly g: number
  readonly prime: Uint8Array
  readonly gA: Uint8Array
  /** Unix seconds. */
  readonly serverTime: number
}

export function writeServerInnerData(data: ServerInnerData): Buffer {
  return Buffer.concat([
    int(ID.server_DH_inner_data),
    data.nonce,
    data.serverNonce,
    int(data.g),
    tlBytes(data.prime),
    tlBytes(data.gA),
    int(data.serverTime),
  ])
}

export function readServerInnerData(bytes: Buffer): {
  readonly value: ServerInnerData
  readonly size: number
} {
  const reader = new WireReader(bytes)
  reader.expect(ID.server_DH_inner_data)
  const value = {
    nonce: reader.raw(16),
    serverNonce: reader.raw(16),
    g: reader.int(),
    prime: reader.bytes(),
    gA: reader.bytes(),
    serverTime: reader.int(),
  }
  return { value, size: reader.position }
}
