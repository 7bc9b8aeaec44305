import { MAX_SCHEDULED } from '@heliograph/schemas/avro'
import { beforeAll, describe } from 'vitest'
import { groupPeer, lastIn, newChannel, say } from './chats.ts'
import { inTopic, makePlaces, type Places } from './places.ts'
import { refuses } from './refuses.ts'
import { byMessage, NO_CHANNEL, NO_GROUP, NO_MESSAGE, NO_USER, NOBODY, ownScene } from './scene.ts'

const DAY_SECONDS = 24 * 3600
const SELF = { _: 'inputPeerSelf' } as const
const WHEN_ONLINE = 0x7fff_fffe
const BOLD = { _: 'messageEntityBold', offset: 0, length: 1 } as const
const later = (days: number): number => Math.floor(Date.now() / 1000) + days * DAY_SECONDS

describe('sending texts', () => {
  const s = ownScene()
  let p: Places
  beforeAll(async () => {
    p = await makePlaces(s)
  })

  /** As many messages as may wait in the chat. */
  async function fillShelf(): Promise<void> {
    for (let i = 0; i < MAX_SCHEDULED; i++) await say(s.bob, SELF, 'later', { scheduleDate: later(2) })
  }

  refuses('messages.sendMessage', () => {
    const text = { message: 'words', randomId: 7n } as const
    const self = { ...text, peer: SELF }
    const bad = { ...BOLD, offset: 3, length: 99 }
    const mention = { _: 'inputMessageEntityMentionName', offset: 0, length: 1, userId: NO_USER } as const
    return {
      CHANNEL_INVALID: [s.alice, { ...text, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { ...text, peer: s.carol.channelPeer(s.town) }],
      CHAT_ADMIN_REQUIRED: [s.bob, { ...text, peer: s.bob.channelPeer(s.news) }],
      CHAT_ID_INVALID: [s.alice, { ...text, peer: NO_GROUP }],
      CHAT_GUEST_SEND_FORBIDDEN: [s.bob, { ...text, peer: p.guests }],
      CHAT_SEND_PLAIN_FORBIDDEN: [s.bob, { ...text, peer: p.still }],
      CHAT_WRITE_FORBIDDEN: [s.bob, { ...text, peer: p.silent }],
      ENTITIES_TOO_LONG: [s.alice, { ...self, entities: Array.from({ length: 1001 }, () => BOLD) }],
      ENTITY_BOUNDS_INVALID: [s.alice, { ...self, entities: [bad] }],
      ENTITY_MENTION_USER_INVALID: [s.alice, { ...self, entities: [mention] }],
      INPUT_USER_DEACTIVATED: [s.alice, { ...text, peer: s.alice.peer(s.dave) }],
      MESSAGE_EMPTY: [s.alice, { ...self, message: '' }],
      MESSAGE_TOO_LONG: [s.alice, { ...self, message: 'x'.repeat(4097) }],
      MSG_ID_INVALID: [s.bob, { ...text, peer: byMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.alice, { ...text, peer: NOBODY }],
      SCHEDULE_DATE_TOO_LATE: [s.alice, { ...self, scheduleDate: later(400) }],
      SCHEDULE_STATUS_PRIVATE: async () => {
        const rules = [{ _: 'inputPrivacyValueDisallowAll' }] as const
        await s.carol.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyStatusTimestamp' }, rules })
        return [s.alice, { ...text, peer: s.alice.peer(s.carol), scheduleDate: WHEN_ONLINE }]
      },
      SCHEDULE_TOO_MUCH: async () => {
        await fillShelf()
        return [s.bob, { ...self, scheduleDate: later(2) }]
      },
      SEND_AS_PEER_INVALID: [
        s.bob,
        { ...text, peer: s.bob.channelPeer(s.town), sendAs: s.bob.channelPeer(s.news) },
      ],
      SLOWMODE_WAIT_60: [s.bob, { ...text, peer: p.slow }],
      TOPIC_CLOSED: [s.bob, { ...text, peer: s.bob.channelPeer(s.forum), replyTo: inTopic(p.closedTopic) }],
      TOPIC_DELETED: [s.bob, { ...text, peer: s.bob.channelPeer(s.forum), replyTo: inTopic(p.goneTopic) }],
      USER_BANNED_IN_CHANNEL: [s.bob, { ...text, peer: p.banned }],
      USER_IS_BLOCKED: [s.bob, { ...text, peer: s.bob.peer(p.cold) }],
      YOU_BLOCKED_USER: [s.bob, { ...text, peer: s.bob.peer(p.shunned) }],
    }
  })

  refuses('messages.getWebPagePreview', () => ({
    ENTITY_BOUNDS_INVALID: [s.alice, { message: 'words', entities: [{ ...BOLD, length: 99 }] }],
    MESSAGE_EMPTY: [s.alice, { message: '' }],
  }))

  refuses('messages.forwardMessages', async () => {
    const own = await say(s.bob, SELF)
    const others = [await say(s.bob, SELF), await say(s.bob, SELF)]
    const one = { fromPeer: SELF, id: [own], randomId: [9n] } as const
    const two = { fromPeer: SELF, id: others, randomId: [10n, 11n] } as const
    const safe = await newChannel(s.alice, { megagroup: true }, [s.bob])
    await s.alice.call('messages.toggleNoForwards', { peer: s.alice.channelPeer(safe), enabled: true })
    const kept = await say(s.bob, s.bob.channelPeer(safe))
    const forum = s.bob.channelPeer(s.forum)
    return {
      CHANNEL_INVALID: [s.bob, { ...one, toPeer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { ...one, fromPeer: s.carol.channelPeer(s.town), toPeer: SELF }],
      CHAT_ADMIN_REQUIRED: [s.bob, { ...one, toPeer: s.bob.channelPeer(s.news) }],
      CHAT_FORWARDS_RESTRICTED: [
        s.bob,
        { ...one, fromPeer: s.bob.channelPeer(safe), id: [kept], toPeer: SELF },
      ],
      CHAT_ID_INVALID: [s.bob, { ...one, toPeer: NO_GROUP }],
      CHAT_SEND_PLAIN_FORBIDDEN: [s.bob, { ...one, toPeer: p.still }],
      CHAT_WRITE_FORBIDDEN: [s.bob, { ...one, toPeer: p.silent }],
      INPUT_USER_DEACTIVATED: [s.bob, { ...one, toPeer: s.bob.peer(s.dave) }],
      MESSAGE_ID_INVALID: [s.bob, { ...one, id: [NO_MESSAGE], toPeer: SELF }],
      MESSAGE_IDS_EMPTY: [s.bob, { ...one, id: [], randomId: [], toPeer: SELF }],
      MSG_ID_INVALID: [s.bob, { ...one, toPeer: byMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.bob, { ...one, toPeer: NOBODY }],
      RANDOM_ID_DUPLICATE: [s.bob, { ...two, randomId: [9n, 9n], toPeer: SELF }],
      RANDOM_ID_INVALID: [s.bob, { ...one, randomId: [], toPeer: SELF }],
      SCHEDULE_DATE_TOO_LATE: [s.bob, { ...one, toPeer: groupPeer(s.group), scheduleDate: later(400) }],
      SCHEDULE_TOO_MUCH: [s.bob, { ...one, toPeer: SELF, scheduleDate: later(2) }],
      SEND_AS_PEER_INVALID: [
        s.bob,
        { ...one, toPeer: s.bob.channelPeer(s.town), sendAs: s.bob.channelPeer(s.news) },
      ],
      SLOWMODE_MULTI_MSGS_DISABLED: [s.bob, { ...two, toPeer: p.slow }],
      SLOWMODE_WAIT_60: [s.bob, { ...one, toPeer: p.slow }],
      TOPIC_CLOSED: [s.bob, { ...one, toPeer: forum, topMsgId: p.closedTopic }],
      TOPIC_DELETED: [s.bob, { ...one, toPeer: forum, topMsgId: p.goneTopic }],
      USER_BANNED_IN_CHANNEL: [s.bob, { ...one, toPeer: p.banned }],
      USER_IS_BLOCKED: [s.bob, { ...one, toPeer: s.bob.peer(p.cold) }],
      YOU_BLOCKED_USER: [s.bob, { ...one, toPeer: s.bob.peer(p.shunned) }],
    }
  })

  refuses('messages.editMessage', async () => {
    const peer = groupPeer(s.group)
    const id = await say(s.bob, peer)
    const there = async (who: typeof s.bob, place: Parameters<typeof say>[1]) => say(who, place)
    const edit = { peer, id, message: 'other words' } as const
    await say(s.alice, s.alice.peer(s.bob))
    const bad = { ...BOLD, offset: 3, length: 99 }
    return {
      CHANNEL_INVALID: [s.bob, { ...edit, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { ...edit, peer: s.carol.channelPeer(s.town) }],
      CHAT_WRITE_FORBIDDEN: [s.bob, { ...edit, peer: p.silent, id: p.saidInSilent }],
      ENTITIES_TOO_LONG: [s.bob, { ...edit, entities: Array.from({ length: 1001 }, () => BOLD) }],
      ENTITY_BOUNDS_INVALID: [s.bob, { ...edit, entities: [bad] }],
      MEDIA_NEW_INVALID: [s.bob, { ...edit, media: { _: 'inputMediaDice', emoticon: '🎲' } }],
      MESSAGE_AUTHOR_REQUIRED: [
        s.bob,
        { ...edit, peer: s.bob.peer(s.alice), id: await lastIn(s.bob, s.bob.peer(s.alice)) },
      ],
      MESSAGE_EMPTY: [s.bob, { ...edit, message: '' }],
      MESSAGE_ID_INVALID: [s.bob, { ...edit, id: NO_MESSAGE }],
      MESSAGE_NOT_MODIFIED: [s.bob, { ...edit, message: 'words' }],
      MESSAGE_TOO_LONG: [s.bob, { ...edit, message: 'x'.repeat(4097) }],
      MSG_ID_INVALID: [s.bob, { ...edit, peer: byMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.bob, { ...edit, peer: NOBODY }],
      SCHEDULE_DATE_INVALID: async () => {
        const waiting = await say(s.alice, SELF, 'later', { scheduleDate: later(1) })
        return [s.alice, { peer: SELF, id: waiting, message: 'x', scheduleDate: -1 }]
      },
      USER_BANNED_IN_CHANNEL: async () => {
        const closed = await newChannel(s.alice, { megagroup: true }, [s.bob])
        const own = await there(s.bob, s.bob.channelPeer(closed))
        const bannedRights = { _: 'chatBannedRights', sendMessages: true, untilDate: 0 } as const
        const [channel, participant] = [s.alice.channel(closed), s.alice.peer(s.bob)]
        await s.alice.call('channels.editBanned', { channel, participant, bannedRights })
        return [s.bob, { ...edit, peer: s.bob.channelPeer(closed), id: own }]
      },
      INPUT_USER_DEACTIVATED: async () => {
        const gone = await s.world.person('Gone')
        await s.bob.meets(gone)
        const own = await there(s.bob, s.bob.peer(gone))
        await gone.call('account.deleteAccount', { reason: 'a test' })
        return [s.bob, { ...edit, peer: s.bob.peer(gone), id: own }]
      },
      MESSAGE_EDIT_TIME_EXPIRED: async () => {
        s.world.aheadMs = -3 * DAY_SECONDS * 1000
        const old = await there(s.bob, peer)
        s.world.aheadMs = 0
        return [s.bob, { ...edit, id: old }]
      },
    }
  })

  refuses('messages.getMessageEditData', async () => {
    const post = await say(s.alice, s.alice.channelPeer(s.news))
    const foreign = await say(s.alice, s.alice.channelPeer(s.town))
    return {
      CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.news), id: post }],
      CHAT_WRITE_FORBIDDEN: [s.bob, { peer: p.silent, id: p.saidInSilent }],
      MESSAGE_AUTHOR_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.town), id: foreign }],
      MESSAGE_ID_INVALID: [s.bob, { peer: s.bob.channelPeer(s.town), id: NO_MESSAGE }],
      PEER_ID_INVALID: [s.bob, { peer: NOBODY, id: 1 }],
    }
  })

  refuses('messages.updatePinnedMessage', async () => {
    const peer = s.alice.channelPeer(s.town)
    const id = await say(s.alice, peer)
    await s.alice.call('messages.updatePinnedMessage', { peer, id })
    const post = await say(s.alice, s.alice.channelPeer(s.news))
    return {
      CHANNEL_PRIVATE: [s.carol, { peer: s.carol.channelPeer(s.town), id }],
      CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.news), id: post }],
      CHAT_NOT_MODIFIED: [s.alice, { peer, id }],
      MESSAGE_ID_INVALID: [s.alice, { peer, id: NO_MESSAGE }],
      PEER_ID_INVALID: [s.alice, { peer: NOBODY, id }],
      PIN_RESTRICTED: async () => {
        const near = await s.world.person('Near')
        await s.bob.meets(near)
        const own = await say(s.bob, s.bob.peer(near))
        await near.call('contacts.block', { id: near.peer(s.bob) })
        return [s.bob, { peer: s.bob.peer(near), id: own }]
      },
      CHAT_WRITE_FORBIDDEN: async () => {
        return [s.carol, { peer: groupPeer(s.group), id: await lastIn(s.carol, groupPeer(s.group)) }]
      },
    }
  })

  refuses('messages.unpinAllMessages', async () => {
    const peer = s.alice.channelPeer(s.news)
    const id = await say(s.alice, peer)
    await s.alice.call('messages.updatePinnedMessage', { peer, id })
    return {
      CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.news) }],
    }
  })
})
