import { eventually } from '../eventually.ts'
import type { ServerProcess } from '../server.ts'

/** How the terminal shows a log-in code. */
export const CODE_LINE = /^log-in code for \+(\d+): (\d+)$/

/** Reads log-in codes off a server's terminal, each once. */
export class ShownCodes {
  private readonly server: ServerProcess
  private readonly taken = new Set<number>()

  constructor(server: ServerProcess) {
    this.server = server
  }

  /** The next code for the number. */
  readonly codeFor = (phone: string): Promise<string> => {
    const digits = phone.replace(/\D/g, '')
    return eventually(`a code for ${phone} is shown`, () => {
      for (const [at, line] of this.server.output.entries()) {
        const [, number, code] = CODE_LINE.exec(line) ?? []
        if (number !== digits || this.taken.has(at)) continue
        this.taken.add(at)
        return code
      }
      return undefined
    })
  }
}
