import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { connectLink, type LoadTarget, signUp } from '../load/user.ts'
import type { BenchServer } from '../server.ts'
import { download, randomParts, sendUploaded, upload } from './transfer.ts'

const AT_ONCE = 4

/** What it takes when many send the same. */
export interface SameFile {
  readonly senders: number
  readonly bytes: number
  /** Of all finished blobs, on embedded stores. */
  readonly storedBytes: number
  readonly storedBlobs: number
  readonly partBytes: number
}

/** Everybody uploads the same bytes and sends them to itself; some look whether they have them. */
export async function sameFile(server: BenchServer, senders: number, bytes: number): Promise<SameFile> {
  const [host = '', port = ''] = server.endpoints.tcp.split(':')
  const publicKeyPem = await server.publicKeyPem()
  const target: LoadTarget = { host, port: Number(port), publicKeyPem, loginCode: server.loginCode }
  const parts = randomParts(bytes)
  let next = 0
  const worker = async () => {
    while (next < senders) {
      const number = next++
      const link = await connectLink(target)
      const user = await signUp(link, `+9996640${String(number).padStart(4, '0')}`, target)
      const file = await sendUploaded(user, await upload(user, parts, () => undefined), parts)
      if (number % 100 === 0) await download(user, file, () => undefined, true)
      link.close()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const blobs = join(dirname(server.endpoints.rsaPublicKey), 'blobs')
  const stored = await sizesIn(join(blobs, 'content'))
  const left = await sizesIn(join(blobs, 'parts'))
  return { senders, bytes, storedBytes: stored.bytes, storedBlobs: stored.count, partBytes: left.bytes }
}

async function sizesIn(directory: string): Promise<{ bytes: number; count: number }> {
  let [bytes, count] = [0, 0]
  for (const name of await readdir(directory, { recursive: true }).catch(() => [])) {
    const found = await stat(join(directory, name))
    if (!found.isFile()) continue
    bytes += found.size
    count++
  }
  return { bytes, count }
}
