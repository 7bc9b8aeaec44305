const GROUPS_OF_BLOCK = 4
const GROUPS = 8

/**
 * What limits per address count by: an IPv4 address itself, of IPv6 the /64, which one subscriber has as a whole.
 * @param address as Node or uWebSockets.js writes it, without a port
 */
export function addressBlock(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('%')[0]!.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::') ? Math.max(0, GROUPS - first.length - last.length) : 0
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last].slice(0, GROUPS_OF_BLOCK)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
