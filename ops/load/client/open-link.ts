import { LoadLink } from '../../bench/load/link.ts'
import type { LoadTarget } from '../../bench/load/user.ts'

const CONNECT_TIMEOUT_MS = 5_000

/** The server closed, refused, or kept silent for too long: repeat on a new connection. */
export class ConnectionLost extends Error {}

/** Connects. Rejects with ConnectionLost when that fails or takes too long. */
export function openLink(target: LoadTarget): Promise<LoadLink> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new ConnectionLost('connecting took too long'))
    }, CONNECT_TIMEOUT_MS)
    LoadLink.open(target.host, target.port).then(
      (link) => {
        clearTimeout(timer)
        link.onFailure = () => {}
        if (isLate) link.close()
        else resolve(link)
      },
      (error: Error) => {
        clearTimeout(timer)
        reject(new ConnectionLost(error.message))
      },
    )
  })
}

/** The outcome of `work` on the link, or ConnectionLost when the link fails or `timeoutMs` pass first. */
export function guarded<T>(link: LoadLink, timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ConnectionLost('no answer')), timeoutMs)
    link.onFailure = (why) => reject(new ConnectionLost(why))
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      link.onFailure = () => {}
    })
  })
}
