/** A link with bytes to write. */
export interface Flushable {
  flush(): void
}

let waiting: Flushable[] = []
let spare: Flushable[] = []

/** Calls `flush` when the current callback of the event loop is over, so that what it sends to one link goes out in one write. */
export function flushSoon(link: Flushable): void {
  if (waiting.push(link) === 1) process.nextTick(flushAll)
}

function flushAll(): void {
  const links = waiting
  waiting = spare
  for (const link of links) link.flush()
  links.length = 0
  spare = links
}
