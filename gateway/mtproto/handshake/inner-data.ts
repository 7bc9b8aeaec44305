import { ID, int, MalformedMessage, tlBytes, WireReader } from './wire.ts'

/** `p_q_inner_data`, `_dc`, `_temp` and `_temp_dc` as one: what a client proves with and asks for. */
export interface InnerData {
  readonly pq: Uint8Array
  readonly p: Uint8Array
  readonly q: Uint8Array
  readonly nonce: Uint8Array
  readonly serverNonce: Uint8Array
  readonly newNonce: Uint8Array
  /** The data centre: may be negative (media) or above 10000 (test); a single-centre server takes any. */
  readonly dc?: number
  /** Lifetime in seconds of a temporary key; absent for a permanent one. */
  readonly expiresIn?: number
}

/** Reads inner data from the start of `bytes`; `size` is how many bytes it took. Throws `MalformedMessage`. */
export function readInnerData(bytes: Buffer): { readonly data: InnerData; readonly size: number } {
  const reader = new WireReader(bytes)
  const id = reader.id()
  const hasDc = id === ID.p_q_inner_data_dc || id === ID.p_q_inner_data_temp_dc
  const temporary = id === ID.p_q_inner_data_temp || id === ID.p_q_inner_data_temp_dc
  if (!hasDc && !temporary && id !== ID.p_q_inner_data) throw new MalformedMessage('no inner data')
  const data = {
    pq: reader.bytes(),
    p: reader.bytes(),
    q: reader.bytes(),
    nonce: reader.raw(16),
    serverNonce: reader.raw(16),
    newNonce: reader.raw(32),
    ...(hasDc ? { dc: reader.int() } : {}),
    ...(temporary ? { expiresIn: reader.int() } : {}),
  }
  return { data, size: reader.position }
}

/** The client's side. */
export function writeInnerData(data: InnerData): Buffer {
  const { dc, expiresIn } = data
  return Buffer.concat([
    int(innerDataId(dc, expiresIn)),
    tlBytes(data.pq),
    tlBytes(data.p),
    tlBytes(data.q),
    data.nonce,
    data.serverNonce,
    data.newNonce,
    ...(dc === undefined ? [] : [int(dc)]),
    ...(expiresIn === undefined ? [] : [int(expiresIn)]),
  ])
}

function innerDataId(dc: number | undefined, expiresIn: number | undefined): number {
  if (expiresIn === undefined) return dc === undefined ? ID.p_q_inner_data : ID.p_q_inner_data_dc
  return dc === undefined ? ID.p_q_inner_data_temp : ID.p_q_inner_data_temp_dc
}
