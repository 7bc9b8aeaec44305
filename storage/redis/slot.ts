/** Slots of a cluster, each some node's. */
export const SLOTS = 16_384
/** Of CRC-16/XMODEM, by which Redis spreads names over the slots. */
const POLYNOMIAL = 0x1021
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  return crc
})

/** The slot of a key or channel: of what stands in its first braces, where there is something, else of the whole. */
export function slotOf(name: string): number {
  const open = name.indexOf('{')
  const close = name.indexOf('}', open + 1)
  const tag = open >= 0 && close > open + 1 ? name.slice(open + 1, close) : name
  let crc = 0
  for (const byte of Buffer.from(tag)) crc = ((crc << 8) ^ TABLE[((crc >> 8) ^ byte) & 0xff]!) & 0xffff
  return crc % SLOTS
}
