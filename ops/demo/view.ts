const COLUMN = 46

/** One line of what a client saw. */
export interface Seen {
  readonly who: 0 | 1
  readonly text: string
}

/** Two columns, one for each client; a line stands in the column of the client that saw it. */
export class SideBySide {
  private readonly write: (line: string) => void

  constructor(names: readonly [string, string], write: (line: string) => void) {
    this.write = write
    this.write(`${pad(names[0])} │ ${names[1]}`)
    this.write(`${'─'.repeat(COLUMN)}─┼─${'─'.repeat(COLUMN)}`)
  }

  show({ who, text }: Seen): void {
    for (const line of wrap(text)) this.write(who === 0 ? `${pad(line)} │` : `${pad('')} │ ${line}`)
  }
}

const segmenter = new Intl.Segmenter()

function pad(text: string): string {
  const width = [...segmenter.segment(text)].length
  return text + ' '.repeat(Math.max(0, COLUMN - width))
}

function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > COLUMN) {
      lines.push(line)
      line = '    '
    }
    line = line === '' || line === '    ' ? line + word : `${line} ${word}`
  }
  return [...lines, line]
}
