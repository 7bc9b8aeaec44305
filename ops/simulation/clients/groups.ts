import type { Posted } from './clubs.ts'
import { SECRET, SECRET_NAME } from './deeds.ts'
import type { Device, Peer } from './device.ts'

export interface GroupPostChanged {
  /** By its author; for oneself; for all. */
  readonly kind: 'edit' | 'delete' | 'revoke'
  readonly n: number
  readonly by: number
  acknowledged: boolean
}
export interface GroupReacted {
  readonly userId: number
  readonly n: number
  readonly reaction: string
  acknowledged: boolean
}

/** What all people of a world did in the basic group that they share. */
export class GroupDeeds {
  chatId: number | undefined
  readonly posts: Posted[] = []
  readonly changed: GroupPostChanged[] = []
  readonly reacted: GroupReacted[] = []

  newChange(kind: GroupPostChanged['kind'], n: number, by: number): GroupPostChanged {
    const changed: GroupPostChanged = { kind, n, by, acknowledged: false }
    this.changed.push(changed)
    return changed
  }
}

type Said = Pick<Posted, 'n' | 'from'>

/** A post's own number, by which its event in the log is known as well. */
export const groupRandomId = ({ n }: Pick<Posted, 'n'>): bigint => BigInt(n) * 1_000_081n
export const groupText = ({ n, from }: Said, edit = 0): string =>
  `${SECRET} group ${n} ${from}${edit > 0 ? ` e${edit}` : ''}`
const TEXT = new RegExp(`^${SECRET} group (\\d+) (\\d+)(?: e(\\d+))?$`)

/** What a post to the group says of itself: its number, who wrote it, and which edit it is (0 none). */
export function parseGroupText(text: string): (Said & { readonly edit: number }) | undefined {
  const [, n, from, edit] = TEXT.exec(text) ?? []
  return n === undefined ? undefined : { n: Number(n), from: Number(from), edit: Number(edit ?? 0) }
}

export async function foundGroup(device: Device, peers: readonly Peer[]): Promise<number> {
  const users = peers.map(inputUser)
  const { updates } = await device.connection.until('messages.createChat', {
    users,
    title: `${SECRET_NAME} group`,
  })
  device.take(updates)
  const [chat] = 'chats' in updates ? updates.chats : []
  if (chat?._ !== 'chat') throw new Error('a group was made and is not shown')
  return chat.id
}

export const inputUser = ({ userId, accessHash }: Peer) => ({ _: 'inputUser', userId, accessHash }) as const
