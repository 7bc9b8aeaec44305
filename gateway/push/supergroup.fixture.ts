import type { UserId } from '@heliograph/schemas/avro'
import { addUsers, ChannelRig } from '../rpc/messages/channel-rig.ts'
import { ALICE, BOB, Rig } from '../rpc/messages/test-rig.ts'
import { Push } from './push.ts'

export const CAROL = 1_000_000_003 as UserId
export const DAVE = 1_000_000_004 as UserId

/** For tests: a supergroup of Alice, who made it, Bob and Carol, of which Dave is no member, and what pushes its news. */
export async function startSupergroup(): Promise<{ rig: Rig; channel: ChannelRig; push: Push }> {
  const rig = await Rig.start()
  await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob', [CAROL]: 'Carol', [DAVE]: 'Dave' })
  const channel = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB, CAROL])
  return { rig, channel, push: new Push(rig.services, () => undefined) }
}
