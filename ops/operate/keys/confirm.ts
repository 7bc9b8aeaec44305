import { createInterface } from 'node:readline/promises'
import { InvalidOption } from '../../start/options/fields.ts'

/** Asks a person; resolves to what was typed. */
export type Ask = (question: string) => Promise<string>

/** Asks on the terminal. @throws InvalidOption where there is none */
export const askOnTerminal: Ask = async (question) => {
  if (!process.stdin.isTTY) throw new InvalidOption('--yes: needed where nobody can be asked')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question(`${question} `)
  } finally {
    terminal.close()
  }
}

/** Goes on only where `expected` is typed. @throws InvalidOption otherwise */
export async function confirm(question: string, expected: string, ask: Ask = askOnTerminal): Promise<void> {
  const typed = (await ask(question)).trim()
  if (typed !== expected) throw new InvalidOption(`${typed || 'nothing'}: not ${expected}; nothing was done`)
}
