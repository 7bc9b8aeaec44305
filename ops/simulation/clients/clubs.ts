import type { ClubRule } from '../plan.ts'
import { SECRET } from './deeds.ts'

/** A supergroup or channel that people share. */
export interface Club {
  readonly kind: ClubKind
  readonly channelId: number
  readonly founder: number
  /** How others come in: by its public name, or by an invite link. */
  readonly way: { readonly username: string } | { readonly invite: string }
  readonly rules: readonly ClubRule[]
}
export type ClubKind = 'supergroup' | 'broadcast'

/** A message to a club, and what came of it. */
export interface Posted {
  readonly n: number
  readonly from: number
  readonly begunMs: number
  answeredMs?: number
  /** What was acknowledged; undefined where it was refused, or nobody has answered yet. */
  msgId?: number
  refused?: string
}
export interface PostChanged {
  readonly kind: 'edit' | 'delete'
  readonly n: number
  acknowledged: boolean
}

export interface Reacted {
  readonly userId: number
  readonly msgId: number
  readonly reaction: string
  acknowledged: boolean
}

/** What all people of a world did in the club that they share. */
export class ClubDeeds {
  club: Club | undefined
  readonly posts: Posted[] = []
  readonly changed: PostChanged[] = []
  readonly reacted: Reacted[] = []
  /** Whom the founder let in, once for each time that it was asked to. */
  readonly approved: number[] = []
  /** Each user's highest mark that was acknowledged. */
  readonly reads = new Map<number, number>()

  newPost(from: number, begunMs: number): Posted {
    const posted: Posted = { n: this.posts.length + 1, from, begunMs }
    this.posts.push(posted)
    return posted
  }

  newChange(kind: PostChanged['kind'], n: number): PostChanged {
    const changed: PostChanged = { kind, n, acknowledged: false }
    this.changed.push(changed)
    return changed
  }
}

/** A post's own number, by which its event in the log is known as well. */
export const randomIdOf = ({ n }: Pick<Posted, 'n'>): bigint => BigInt(n) * 1_000_033n
export const postText = ({ n, from }: Posted, edit = 0): string =>
  `${SECRET} post ${n} ${from}${edit > 0 ? ` e${edit}` : ''}`
const TEXT = new RegExp(`^${SECRET} post (\\d+) (\\d+)(?: e(\\d+))?$`)

/** What a post says of itself: its number, who wrote it, and which edit it is (0 none). */
export function parsePost(text: string): { n: number; from: number; edit: number } | undefined {
  const [, n, from, edit] = TEXT.exec(text) ?? []
  return n === undefined ? undefined : { n: Number(n), from: Number(from), edit: Number(edit ?? 0) }
}
