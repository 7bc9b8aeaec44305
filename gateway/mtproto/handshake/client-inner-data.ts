import { ID, int, long, tlBytes, WireReader } from './wire.ts'

/** `client_DH_inner_data`: the client's half of the key. */
export interface ClientInnerData {
  readonly nonce: Uint8Array
  readonly serverNonce: Uint8Array
  /** 0, or the auxiliary hash of the key of the attempt that `dh_gen_retry` answered. */
  readonly retryId: bigint
  readonly gB: Uint8Array
}

export function readClientInnerData(bytes: Buffer): {
  readonly value: ClientInnerData
  readonly size: number
} {
  const reader = new WireReader(bytes)
  reader.expect(ID.client_DH_inner_data)
  const value = {
    nonce: reader.raw(16),
    serverNonce: reader.raw(16),
    retryId: reader.long(),
    gB: reader.bytes(),
  }
  return { value, size: reader.position }
}

export function writeClientInnerData(data: ClientInnerData): Buffer {
  return Buffer.concat([
    int(ID.client_DH_inner_data),
    data.nonce,
    data.serverNonce,
    long(data.retryId),
    tlBytes(data.gB),
  ])
}
