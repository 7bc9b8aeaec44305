/** Every text begins so: where it stands in clear, a secret has got out. */
export const SECRET = 'zqsecret'
/** Every phone number begins so. */
export const SECRET_PHONE = '9996627731'

/** Every name begins so. */
export const SECRET_NAME = 'zqname'

/** Something that a person did, and what came of it. */
export interface Sent {
  readonly kind: 'send'
  readonly n: number
  readonly from: number
  readonly to: number
  readonly device: string
  /** Milliseconds of the world's time. */
  readonly begunMs: number
  answeredMs?: number
  /** What was acknowledged; undefined where it was refused, or nobody has answered yet. */
  msgId?: number
  refused?: string
}
export interface Changed {
  readonly kind: 'edit' | 'delete' | 'revoke'
  readonly n: number
  readonly by: number
  acknowledged: boolean
}

/** What all people of a world did. */
export class Deeds {
  readonly sent: Sent[] = []
  readonly changed: Changed[] = []

  newSend(from: number, to: number, device: string, begunMs: number): Sent {
    const sent: Sent = { kind: 'send', n: this.sent.length + 1, from, to, device, begunMs }
    this.sent.push(sent)
    return sent
  }

  newChange(kind: Changed['kind'], n: number, by: number): Changed {
    const changed: Changed = { kind, n, by, acknowledged: false }
    this.changed.push(changed)
    return changed
  }
}

export const textOf = ({ n, from, to }: Sent): string => `${SECRET} ${n} ${from}>${to}`
const TEXT = new RegExp(`^${SECRET} (\\d+) (\\d+)>(\\d+)(?: e(\\d+))?$`)

/** What a text says of itself: its number, who wrote it to whom, and which edit it is (0 none). */
export function parseText(text: string): { n: number; from: number; to: number; edit: number } | undefined {
  const [, n, from, to, edit] = TEXT.exec(text) ?? []
  return n === undefined
    ? undefined
    : { n: Number(n), from: Number(from), to: Number(to), edit: Number(edit ?? 0) }
}
