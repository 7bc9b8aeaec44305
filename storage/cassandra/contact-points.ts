/** Behind an address, in brackets where that has colons itself. */
const PORT = /^(?:\[.*\]|[^:]+):(\d+)$/

/**
 * The port of the nodes that are found through others, which tell addresses alone: as it is of the named ones; undefined where none is
 * named with a port.
 */
export function portOfOthers(contactPoints: readonly string[]): number | undefined {
  for (const point of contactPoints) {
    const port = PORT.exec(point)?.[1]
    if (port !== undefined) return Number(port)
  }
  return undefined
}
