import { type ChatId, chatIdOf, groupChatId, type PeerId, type UserId } from '@heliograph/schemas/avro'
import {
  chatMembers,
  editAudiences,
  type Mutation,
  messageReactions,
  messages,
  pinnedMessages,
  polls,
  unreadReactions,
} from '@heliograph/storage'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { pollsAt } from '../../polls/state.ts'
import { reactionsAt } from '../../reactions/shown.ts'
import { getUnreadReactions, unreadByChat } from '../../reactions/unread.ts'
import { getDifference } from '../../updates/difference.ts'
import { ChannelRig } from '../channel-rig.ts'
import { getMessages } from '../read/messages.ts'
import { search } from '../search/search.ts'
import { ALICE, BOB, NOW, Rig } from '../test-rig.ts'
import { locate } from './locate.ts'
import { renderEntries } from './rendered.ts'

const GROUP = 5
const peerId = -GROUP as PeerId
const chatId: ChatId = chatIdOf(ALICE, peerId)
const EDITED = NOW - 5
const place = { chatId, seq: 1, out: false, isPost: false }

describe('a basic group that the viewer has left', () => {
  let rig: Rig
  let id: number
  beforeEach(async () => {
    rig = await Rig.start()
    await new ChannelRig(rig, GROUP, groupChatId).create('group', [BOB])
    id = await rig.write(ALICE, peerId as number as UserId, 'the plan', BOB)
    await isIn(false)
  })

  const put = (table: Mutation['table'], row: Record<string, unknown>) =>
    rig.apply([{ kind: 'upsert', table, row }])
  const isIn = (isIn: boolean) => put(chatMembers, { chatId, peerId: ALICE, status: 'left', isIn })
  const told = (toldTo: number[], editDate = EDITED) =>
    put(editAudiences, { chatId, seq: 1, editDate, toldTo })
  const edit = async (editDate = EDITED) => {
    const row = await rig.services.tables.get(messages, { chatId, seq: 1 })
    await put(messages, { ...row, editDate })
  }
  const seen = async () => {
    const asked = { _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] } as const
    const answer = await getMessages(asked, rig.context(ALICE))
    return 'messages' in answer ? answer.messages[0]?._ : undefined
  }

  const unread = async () => {
    const peer = { _: 'inputPeerChat', chatId: GROUP } as const
    const page = { offsetId: 0, addOffset: 0, limit: 9, maxId: 0, minId: 0 }
    const asked = { _: 'messages.getUnreadReactions', peer, ...page } as const
    const answer = await getUnreadReactions(asked, rig.context(ALICE))
    return 'messages' in answer ? answer.messages.length : -1
  }

  it('shows what was said, and an edit that the viewer was told', async () => {
    expect(await seen()).toBe('message')
    await told([ALICE, BOB])
    await edit()
    expect(await seen()).toBe('message')
  })

  it('hides what was edited since, and shows it again to who is back', async () => {
    await edit()
    expect(await seen()).toBe('messageEmpty')
    await told([BOB])
    expect(await seen()).toBe('messageEmpty')
    await isIn(true)
    expect(await seen()).toBe('message')
  })

  it('hides what was changed without an edit since: a list that was ticked off', async () => {
    await told([BOB], 0)
    expect(await seen()).toBe('messageEmpty')
    await told([ALICE, BOB], 0)
    expect(await seen()).toBe('message')
  })

  it('does not find it, nor tell it in a difference', async () => {
    const peer = { _: 'inputPeerChat', chatId: GROUP } as const
    const page = { offsetId: 0, addOffset: 0, limit: 9, maxId: 0, minId: 0, hash: 0n, minDate: 0, maxDate: 0 }
    const found = async () => {
      const filter = { _: 'inputMessagesFilterEmpty' } as const
      const call = { _: 'messages.search', peer, q: 'plan', filter, ...page } as const
      const answer = await search(call, rig.context(ALICE))
      return 'messages' in answer ? answer.messages.length : 0
    }
    const told = async () => {
      const call = { _: 'updates.getDifference', pts: 1, date: 1, qts: 0 } as const
      const answer = await getDifference(call, rig.context(ALICE))
      return 'newMessages' in answer ? answer.newMessages.length : 0
    }
    expect([await found(), await told()]).toEqual([1, 1])
    await edit()
    expect([await found(), await told()]).toEqual([0, 0])
  })

  it('tells nothing of reactions and votes, which others may have added since', async () => {
    const { tables } = rig.services
    await put(messageReactions, { chatId, seq: 1, counts: ['1:👍'], recent: [] })
    await put(unreadReactions, { userId: ALICE, kind: 'reactions', chatId, seq: 1 })
    await put(polls, { chatId, seq: 1, pollId: 1n, authorId: BOB, options: ['00'] })
    const shown = async () => [
      (await reactionsAt(tables, ALICE, [place]))[0] !== undefined,
      (await pollsAt(tables, ALICE, [place], NOW))[0] !== undefined,
      (await unreadByChat(rig.context(ALICE), 'reactions')).has(chatId),
      await unread(),
    ]
    expect(await shown()).toEqual([false, false, false, 0])
    await isIn(true)
    expect(await shown()).toEqual([true, true, true, 1])
  })

  const page = { offsetId: 0, addOffset: 0, limit: 9, maxId: 0, minId: 0, hash: 0n }
  const peer = { _: 'inputPeerChat', chatId: GROUP } as const
  const pinned = async () => {
    const filter = { _: 'inputMessagesFilterPinned' } as const
    const call = { _: 'messages.search', peer, q: '', filter, minDate: 0, maxDate: 0, ...page } as const
    const answer = await search(call, rig.context(ALICE))
    return 'messages' in answer ? answer.messages.length : -1
  }
  const isPinned = () => put(pinnedMessages, { chatId, seq: 1, date: NOW, byUserId: BOB, pinnedFor: [] })

  it('shows none of what is pinned', async () => {
    await isPinned()
    expect(await pinned()).toBe(0)
    await isIn(true)
    expect(await pinned()).toBe(1)
  })

  it('is asked for once for a page, when all else of it has been read', async () => {
    await isPinned()
    await put(messageReactions, { chatId, seq: 1, counts: ['1:👍'], recent: [] })
    await put(polls, { chatId, seq: 1, pollId: 1n, authorId: BOB, options: ['00'] })
    const row = await rig.services.tables.get(messages, { chatId, seq: 1 })
    await put(messages, { ...row, kinds: ['poll'] })
    const entries = (await locate(rig.services.tables, ALICE, [id])).filter((each) => each !== undefined)
    const reads = vi.spyOn(rig.services.tables, 'getMany')
    await renderEntries(rig.services, ALICE, entries)
    const read = reads.mock.calls.flatMap(([refs]) => refs.map(({ table }) => table.name))
    expect(read.filter((name) => name === chatMembers.name)).toHaveLength(1)
    expect(read.indexOf(chatMembers.name)).toBeGreaterThan(read.lastIndexOf(polls.name))
    expect(read.slice(read.indexOf(chatMembers.name) + 1)).toEqual([editAudiences.name])
  })
})
