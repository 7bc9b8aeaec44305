const CONTINUE = 0x80
const GROUP = 0x80
const LARGEST_SMALL = 0x3fffffff

/** Bytes that a number takes as a zigzag varint (Kafka protocol, "varlong"). */
export function signedSize(value: number): number {
  let rest = zigzag(value)
  let size = 1
  for (; rest >= GROUP; rest = Math.floor(rest / GROUP)) size++
  return size
}

/** Writes a zigzag varint of up to 53 bits; returns the place behind it. */
export function writeSigned(target: Buffer, at: number, value: number): number {
  let rest = zigzag(value)
  let place = at
  for (; rest >= GROUP; rest = Math.floor(rest / GROUP)) target[place++] = (rest % GROUP) | CONTINUE
  target[place++] = rest
  return place
}

function zigzag(value: number): number {
  if (value >= 0) return value <= LARGEST_SMALL ? value << 1 : value * 2
  return -value * 2 - 1
}
