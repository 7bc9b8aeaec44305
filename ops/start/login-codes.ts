import type { LoginCodes } from '@heliograph/gateway/rpc'
import { OperatorSocket } from './operator-socket.ts'

/** Log-in codes for whoever runs the server: on the terminal, and on the operator's socket. Never in the log. */
export class OperatorCodes implements LoginCodes {
  private readonly socket = new OperatorSocket()
  private readonly print: (line: string) => void

  constructor(print: (line: string) => void) {
    this.print = print
  }

  /** Opens the operator's socket; where that cannot be had (a path too long, a foreign file system) the terminal remains. */
  async listen(dataDirectory: string, onUnavailable: (reason: string) => void): Promise<void> {
    await this.socket.listen(dataDirectory).catch((error: Error) => onUnavailable(error.message))
  }

  show(phone: string, code: string): void {
    const to = phone.includes('@') ? phone : `+${phone.replace(/^\+/, '')}`
    this.print(`log-in code for ${to}: ${code}`)
    this.socket.tell({ phone, code })
  }

  close(): void {
    this.socket.close()
  }
}
