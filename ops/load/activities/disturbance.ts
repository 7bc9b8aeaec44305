import { sampleOf } from '../pace/random.ts'
import type { Prepare } from './activity.ts'

/** A share of the clients loses its connection at once; each comes back at once, and catches up. */
export const reconnectStorm: Prepare<'reconnect-storm'> = ({ clients, random }, { everySeconds, share }) => ({
  kind: 'periodic',
  everySeconds,
  occur() {
    for (const { connection } of sampleOf(clients, Math.ceil(clients.length * share), random))
      connection.drop()
  },
})

/** A share of the clients reads nothing for a while, and then everything: what it missed, it asks for. */
export const slowReader: Prepare<'slow-reader'> = (
  { clients, random },
  { everySeconds, share, pauseSeconds },
) => ({
  kind: 'periodic',
  everySeconds,
  occur() {
    for (const client of sampleOf(clients, Math.ceil(clients.length * share), random)) {
      const { connection } = client
      if (connection.isPaused || connection.link === undefined) continue
      connection.pause()
      setTimeout(() => {
        connection.resume()
        void client.catchUp()
      }, pauseSeconds * 1000)
    }
  },
})
