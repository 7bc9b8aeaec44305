/** The salt that a key exchange ends with: the first 8 bytes of new_nonce xor those of server_nonce, as a signed TL long. */
export function firstServerSalt(newNonce: Buffer, serverNonce: Buffer): bigint {
  return newNonce.readBigInt64LE(0) ^ serverNonce.readBigInt64LE(0)
}
