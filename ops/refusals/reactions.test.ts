import type { Tl } from '@heliograph/schemas/tl'
import { beforeAll, describe } from 'vitest'
import { groupPeer, newChannel, randomId, say } from './chats.ts'
import { refuses } from './refuses.ts'
import { byMessage, NO_CHANNEL, NO_MESSAGE, NOBODY, ownScene } from './scene.ts'

const told = (text: string) => ({ _: 'textWithEntities', text, entities: [] }) as const
const THUMB = { _: 'reactionEmoji', emoticon: '👍' } as const
const MEMBERS_TO_SHOW_READERS = 100

describe('reactions and polls', () => {
  const s = ownScene()
  /** Ids of a message, and of an anonymous poll in the town. */
  let msgId: number
  let pollId: number
  beforeAll(async () => {
    msgId = await say(s.alice, s.alice.channelPeer(s.town))
    pollId = await ask({})
  })

  async function ask(more: Partial<Tl<'poll'>>): Promise<number> {
    const answers = ['a', 'b'].map(
      (text) => ({ _: 'pollAnswer', text: told(text), option: Buffer.from(text) }) as const,
    )
    const poll = { _: 'poll', id: 1n, question: told('Which?'), answers, hash: 0n, ...more } as const
    const media = { _: 'inputMediaPoll', poll } as const
    const peer = s.alice.channelPeer(s.town)
    const sent = await s.alice.call('messages.sendMedia', { peer, message: '', randomId: randomId(), media })
    const id = (sent as Tl<'updates'>).updates.find(({ _ }) => _ === 'updateMessageID')
    return (id as Tl<'updateMessageID'>).id
  }

  refuses('messages.sendReaction', async () => {
    const reaction = [THUMB]
    const town = s.bob.channelPeer(s.town)
    return {
      CHANNEL_INVALID: [s.bob, { msgId, reaction, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { msgId, reaction, peer: s.carol.channelPeer(s.town) }],
      CHAT_WRITE_FORBIDDEN: async () => {
        const mute = await newChannel(s.alice, { megagroup: true }, [s.bob])
        const said = await say(s.alice, s.alice.channelPeer(mute))
        const bannedRights = { _: 'chatBannedRights', sendReactions: true, untilDate: 0 } as const
        const peer = s.alice.channelPeer(mute)
        await s.alice.call('messages.editChatDefaultBannedRights', { peer, bannedRights })
        return [s.bob, { msgId: said, reaction, peer: s.bob.channelPeer(mute) }]
      },
      MESSAGE_ID_INVALID: [s.bob, { msgId: NO_MESSAGE, reaction, peer: town }],
      MSG_ID_INVALID: [s.bob, { msgId, reaction, peer: byMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.bob, { msgId, reaction, peer: NOBODY }],
      REACTION_EMPTY: [s.bob, { msgId, reaction: [{ ...THUMB, emoticon: '' }], peer: town }],
      REACTION_INVALID: [s.bob, { msgId, reaction: [{ ...THUMB, emoticon: 'x' }], peer: town }],
      REACTIONS_TOO_MANY: [s.bob, { msgId, reaction: Array.from({ length: 12 }, () => THUMB), peer: town }],
      USER_BANNED_IN_CHANNEL: async () => {
        const bannedRights = { _: 'chatBannedRights', sendReactions: true, untilDate: 0 } as const
        const place = await newChannel(s.alice, { megagroup: true }, [s.bob])
        const said = await say(s.alice, s.alice.channelPeer(place))
        const [channel, participant] = [s.alice.channel(place), s.alice.peer(s.bob)]
        await s.alice.call('channels.editBanned', { channel, participant, bannedRights })
        return [s.bob, { msgId: said, reaction, peer: s.bob.channelPeer(place) }]
      },
    }
  })

  refuses('messages.getMessageReactionsList', async () => {
    const post = await say(s.alice, s.alice.channelPeer(s.news))
    return {
      BROADCAST_FORBIDDEN: [s.bob, { peer: s.bob.channelPeer(s.news), id: post, limit: 10 }],
      MSG_ID_INVALID: [s.bob, { peer: s.bob.channelPeer(s.town), id: NO_MESSAGE, limit: 10 }],
    }
  })

  refuses('messages.sendVote', () => {
    const options = [Buffer.from('a')]
    return {
      CHANNEL_INVALID: [s.bob, { msgId: pollId, options, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { msgId: pollId, options, peer: s.carol.channelPeer(s.town) }],
      MESSAGE_ID_INVALID: [s.bob, { msgId: NO_MESSAGE, options, peer: s.bob.channelPeer(s.town) }],
      MSG_ID_INVALID: [s.bob, { msgId: pollId, options, peer: byMessage(s, s.bob) }],
      OPTION_INVALID: [
        s.bob,
        { msgId: pollId, options: [Buffer.from('x')], peer: s.bob.channelPeer(s.town) },
      ],
      OPTIONS_TOO_MUCH: [
        s.bob,
        {
          msgId: pollId,
          options: ['a', 'b'].map((each) => Buffer.from(each)),
          peer: s.bob.channelPeer(s.town),
        },
      ],
      PEER_ID_INVALID: [s.bob, { msgId: pollId, options, peer: NOBODY }],
    }
  })

  refuses('messages.getPollResults', () => ({
    MESSAGE_ID_INVALID: [s.bob, { msgId, peer: s.bob.channelPeer(s.town), pollHash: 0n }],
    PEER_ID_INVALID: [s.bob, { msgId, peer: NOBODY, pollHash: 0n }],
  }))

  refuses('messages.getPollVotes', async () => {
    const open = await ask({ publicVoters: true })
    return {
      BROADCAST_FORBIDDEN: [s.bob, { id: pollId, limit: 10, peer: s.bob.channelPeer(s.town) }],
      MSG_ID_INVALID: [s.bob, { id: NO_MESSAGE, limit: 10, peer: s.bob.channelPeer(s.town) }],
      POLL_VOTE_REQUIRED: [s.bob, { id: open, limit: 10, peer: s.bob.channelPeer(s.town) }],
    }
  })

  refuses(
    'messages.getMessageReadParticipants',
    async () => {
      const large = await newChannel(s.alice, { megagroup: true })
      const invite = await s.alice.call('messages.exportChatInvite', { peer: s.alice.channelPeer(large) })
      const hash = 'link' in invite ? invite.link.replace(/^.*\+/, '') : ''
      for (let i = 0; i <= MEMBERS_TO_SHOW_READERS; i++) {
        const person = await s.world.person(`Person ${i}`)
        await person.call('messages.importChatInvite', { hash })
      }
      const peer = s.alice.channelPeer(large)
      const said = await say(s.alice, peer)
      return {
        CHAT_TOO_BIG: [s.alice, { peer, msgId: said }],
      }
    },
    'of a large group',
  )

  refuses('messages.setChatTheme', () => ({
    EMOJI_INVALID: [s.alice, { peer: s.alice.peer(s.bob), theme: { _: 'inputChatTheme', emoticon: 'x' } }],
    EMOJI_NOT_MODIFIED: [s.alice, { peer: s.alice.peer(s.bob), theme: { _: 'inputChatThemeEmpty' } }],
    PEER_ID_INVALID: [s.alice, { peer: groupPeer(s.group), theme: { _: 'inputChatThemeEmpty' } }],
  }))
})
