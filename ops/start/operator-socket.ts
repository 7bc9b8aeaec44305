import { chmod, rm } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

/** One log-in code, as the terminal shows it too. */
export interface ShownCode {
  readonly phone: string
  readonly code: string
}
const shownCode = z.object({ phone: z.string(), code: z.string() })

export const OPERATOR_SOCKET = 'operator.sock'
const MAX_FOLLOWERS = 16
/** First line to each follower: from now on it misses no code. */
const FOLLOWING = 'following'

/**
 * A local socket in the data directory, for its owner only, on which local programs (the demo) follow the log-in codes
 * that the terminal shows. Who can open it can read the keys beside it anyway.
 */
export class OperatorSocket {
  private readonly followers = new Set<Socket>()
  private readonly server = createServer((socket) => this.accept(socket))

  async listen(dataDirectory: string): Promise<void> {
    const path = join(dataDirectory, OPERATOR_SOCKET)
    await rm(path, { force: true })
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(path, resolve)
    })
    await chmod(path, 0o600)
  }

  tell(shown: ShownCode): void {
    for (const follower of this.followers) follower.write(`${JSON.stringify(shown)}\n`)
  }

  close(): void {
    this.server.close()
    for (const follower of this.followers) follower.destroy()
  }

  private accept(socket: Socket): void {
    if (this.followers.size >= MAX_FOLLOWERS) {
      socket.destroy()
      return
    }
    this.followers.add(socket)
    socket.write(`${FOLLOWING}\n`)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.followers.delete(socket))
    socket.resume()
  }
}

export interface CodeFollower {
  /** The next code for the number, or the one that came already. */
  codeFor(phone: string): Promise<string>
  close(): void
}

/** @throws when no server runs on the data directory */
export async function followCodes(dataDirectory: string): Promise<CodeFollower> {
  const socket = createConnection(join(dataDirectory, OPERATOR_SOCKET))
  const known = new Map<string, string>()
  const waiting = new Map<string, (code: string) => void>()
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server has too many followers of log-in codes')))
    const lines = createInterface(socket)
    lines.once('error', reject)
    lines.on('line', (line) => {
      if (line === FOLLOWING) return resolve()
      const { phone, code } = shownCode.parse(JSON.parse(line))
      known.set(digits(phone), code)
      waiting.get(digits(phone))?.(code)
    })
  })
  return {
    codeFor: (phone) =>
      new Promise((resolve) => {
        const code = known.get(digits(phone))
        if (code === undefined) waiting.set(digits(phone), resolve)
        else resolve(code)
      }),
    close: () => socket.destroy(),
  }
}

const digits = (phone: string) => phone.replace(/\D/g, '')
