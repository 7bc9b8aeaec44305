import type { Tl } from '@heliograph/schemas/tl'
import { groupPeer, newChannel, newGroup, randomId, say } from './chats.ts'
import type { Person } from './person.ts'
import type { Scene } from './scene.ts'

/** Chats of Alice's in which Bob may not send this or that, and people who do not hear him. */
export interface Places {
  /** A supergroup in which Bob is banned from writing. */
  readonly banned: Tl<'inputPeerChannel'>
  /** A basic group in which nobody may write. */
  readonly silent: Tl<'inputPeerChat'>
  /** What Bob said there before. */
  readonly saidInSilent: number
  /** A supergroup in which members may send nothing of any kind. */
  readonly still: Tl<'inputPeerChannel'>
  /** A supergroup in slow mode, in which Bob has just written. */
  readonly slow: Tl<'inputPeerChannel'>
  /** The discussion group of a channel that Bob reads; members alone may write there. */
  readonly guests: Tl<'inputPeerChannel'>
  /** The first messages of topics of the forum: one that is closed, and one that is gone. */
  readonly closedTopic: number
  readonly goneTopic: number
  /** Has blocked Bob. */
  readonly cold: Person
  /** Is blocked by Bob. */
  readonly shunned: Person
}

const SLOW_SECONDS = 3600
const EVERYTHING = {
  sendMedia: true,
  sendStickers: true,
  sendGifs: true,
  sendGames: true,
  sendInline: true,
  sendPolls: true,
  sendPhotos: true,
  sendVideos: true,
  sendRoundvideos: true,
  sendAudios: true,
  sendVoices: true,
  sendDocs: true,
  sendPlain: true,
} as const
const banOf = (rights: Partial<Record<keyof typeof EVERYTHING | 'sendMessages', true>>) =>
  ({ _: 'chatBannedRights', untilDate: 0, ...rights }) as const

export async function makePlaces(s: Scene): Promise<Places> {
  const { alice, bob, world } = s
  const town = () => newChannel(alice, { megagroup: true }, [bob])
  const [banned, still, slow] = [await town(), await town(), await town()]
  const silent = await newGroup(alice, [bob])
  await alice.call('channels.editBanned', {
    channel: alice.channel(banned),
    participant: alice.peer(bob),
    bannedRights: banOf({ sendMessages: true }),
  })
  const saidInSilent = await say(bob, groupPeer(silent))
  const setDefault = 'messages.editChatDefaultBannedRights'
  await alice.call(setDefault, { peer: groupPeer(silent), bannedRights: banOf({ sendMessages: true }) })
  await alice.call(setDefault, { peer: alice.channelPeer(still), bannedRights: banOf(EVERYTHING) })
  await alice.call('channels.toggleSlowMode', { channel: alice.channel(slow), seconds: SLOW_SECONDS })
  await bob.call('messages.sendMessage', { peer: bob.channelPeer(slow), message: 'x', randomId: randomId() })
  const [cold, shunned] = await Promise.all([world.person('Cold'), world.person('Shunned')])
  await bob.meets(cold, shunned)
  await cold.call('contacts.block', { id: cold.peer(bob) })
  await bob.call('contacts.block', { id: bob.peer(shunned) })
  return {
    banned: bob.channelPeer(banned),
    silent: groupPeer(silent),
    saidInSilent,
    still: bob.channelPeer(still),
    slow: bob.channelPeer(slow),
    guests: await discussionOf(s),
    ...(await topics(s)),
    cold,
    shunned,
  }
}

async function discussionOf({ alice, bob }: Scene): Promise<Tl<'inputPeerChannel'>> {
  const channelId = await newChannel(alice, { broadcast: true }, [bob])
  const groupId = await newChannel(alice, { megagroup: true })
  const group = alice.channel(groupId)
  await alice.call('channels.setDiscussionGroup', { broadcast: alice.channel(channelId), group })
  await alice.call('channels.toggleJoinToSend', { channel: group, enabled: true })
  await bob.call('channels.getFullChannel', { channel: bob.channel(channelId) })
  return bob.channelPeer(groupId)
}

async function topics({ alice, forum }: Scene): Promise<Pick<Places, 'closedTopic' | 'goneTopic'>> {
  const peer = alice.channelPeer(forum)
  const [closedTopic, goneTopic] = [await newTopic(alice, peer), await newTopic(alice, peer)]
  await alice.call('messages.editForumTopic', { peer, topicId: closedTopic, closed: true })
  await alice.call('messages.deleteTopicHistory', { peer, topMsgId: goneTopic })
  return { closedTopic, goneTopic }
}

/** Resolves to the id of its first message. */
export async function newTopic(creator: Person, peer: Tl<'inputPeerChannel'>): Promise<number> {
  const made = await creator.call('messages.createForumTopic', { peer, title: 'Topic', randomId: randomId() })
  const told = (made as Tl<'updates'>).updates.find(({ _ }) => _ === 'updateMessageID')
  return (told as Tl<'updateMessageID'>).id
}

export const inTopic = (topMsgId: number): Tl<'inputReplyToMessage'> => ({
  _: 'inputReplyToMessage',
  replyToMsgId: topMsgId,
  topMsgId,
})
