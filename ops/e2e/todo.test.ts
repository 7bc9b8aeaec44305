import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'

const text = (value: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const task = (id: number, title: string): tl.RawTodoItem => ({ _: 'todoItem', id, title: text(title) })

describe('lists of tasks and looks of private chats, seen from mtcute', () => {
  let couple: Couple
  let alice: Member
  let bob: Member
  let nextRandomId = 7000

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
    alice = couple.alice
    bob = couple.bob
  })
  afterAll(() => endCouple(couple ?? {}))

  const sendList = async (todo: Partial<tl.RawTodoList>, list = [task(1, 'milk'), task(2, 'bread')]) => {
    const peer = await alice.client.resolvePeer(bob.id)
    const answer = (await alice.client.call({
      _: 'messages.sendMedia',
      peer,
      message: '',
      randomId: Long.fromNumber(nextRandomId++),
      media: { _: 'inputMediaTodo', todo: { _: 'todoList', title: text('shopping'), list, ...todo } },
    })) as tl.RawUpdates
    return newMessage(answer)
  }
  const newMessage = (answer: tl.RawUpdates) =>
    answer.updates.find((update) => update._ === 'updateNewMessage')!.message as tl.RawMessage
  const rawHistory = async (reader: Member, other: Member) => {
    const peer = await reader.client.resolvePeer(other.id)
    const answer = await reader.client.call({
      _: 'messages.getHistory',
      peer,
      offsetId: 0,
      offsetDate: 0,
      addOffset: 0,
      limit: 5,
      maxId: 0,
      minId: 0,
      hash: Long.ZERO,
    })
    return (answer as tl.messages.RawMessages).messages as (tl.RawMessage | tl.RawMessageService)[]
  }
  const listSeenBy = (reader: Member, other: Member) =>
    eventually('the list is there', async () => {
      const found = (await rawHistory(reader, other)).find(
        (each) => each._ === 'message' && each.media?._ === 'messageMediaToDo',
      )
      return found as tl.RawMessage | undefined
    })

  it('are ticked off by others where their author lets them, and messages tell of it', async () => {
    await sendList({ othersCanComplete: true })
    const seen = await listSeenBy(bob, alice)
    const peer = await bob.client.resolvePeer(alice.id)
    const toggle = { _: 'messages.toggleTodoCompleted' as const, peer, msgId: seen.id, completed: [2] }
    const told = newMessage((await bob.client.call({ ...toggle, incompleted: [] })) as tl.RawUpdates)
    expect(told).toMatchObject({
      _: 'messageService',
      action: { _: 'messageActionTodoCompletions', completed: [2], incompleted: [] },
      replyTo: { replyToMsgId: seen.id },
    })
    const ticked = await eventually('Alice sees it', async () => {
      const { media } = await listSeenBy(alice, bob)
      return media?._ === 'messageMediaToDo' && media.completions?.length === 1 ? media : undefined
    })
    expect(ticked.completions).toMatchObject([{ id: 2, completedBy: { userId: bob.id } }])
    expect((await listSeenBy(alice, bob)).editDate).toBeUndefined()
    await expect(bob.client.call({ ...toggle, incompleted: [] })).rejects.toMatchObject({
      text: 'TODO_NOT_MODIFIED',
    })
    await bob.client.call({ ...toggle, completed: [], incompleted: [2] })
    expect((await listSeenBy(bob, alice)).media).toMatchObject({ completions: [] })
    // messages.appendTodoList: PEER_ID_INVALID for others than the author, who has not let them.
    const append = { _: 'messages.appendTodoList' as const, peer, msgId: seen.id, list: [task(3, 'eggs')] }
    await expect(bob.client.call(append)).rejects.toMatchObject({ text: 'PEER_ID_INVALID' })
  })

  it('get more tasks: appendTodoList refuses TODO_ITEM_DUPLICATE, TODO_NOT_MODIFIED and MESSAGE_ID_INVALID', async () => {
    const sent = await sendList({})
    const peer = await alice.client.resolvePeer(bob.id)
    const append = { _: 'messages.appendTodoList', peer, msgId: sent.id } as const
    await alice.client.call({ ...append, list: [task(7, 'eggs')] })
    expect((await listSeenBy(alice, bob)).media).toMatchObject({
      todo: { list: [{ id: 1 }, { id: 2 }, { id: 7 }] },
    })
    const refused: [tl.RawTodoItem[], number, string][] = [
      [[task(7, 'again')], sent.id, 'TODO_ITEM_DUPLICATE'],
      [[], sent.id, 'TODO_NOT_MODIFIED'],
      [[task(8, 'x')], 9999, 'MESSAGE_ID_INVALID'],
    ]
    for (const [list, msgId, text] of refused)
      await expect(alice.client.call({ ...append, msgId, list })).rejects.toMatchObject({ text })
  })

  it('have a theme for both: setChatTheme refuses EMOJI_INVALID, EMOJI_NOT_MODIFIED and PEER_ID_INVALID', async () => {
    const themes = await alice.client.call({ _: 'account.getChatThemes', hash: Long.ZERO })
    const { emoticon = '' } = (themes as tl.account.RawThemes).themes[0]!
    const peer = await alice.client.resolvePeer(bob.id)
    const set = { _: 'messages.setChatTheme', peer } as const
    const theme = { _: 'inputChatTheme', emoticon } as const
    await alice.client.call({ ...set, theme })
    const fullOf = async (reader: Member, other: Member) => {
      const id = await reader.client.resolveUser(other.id)
      return (await reader.client.call({ _: 'users.getFullUser', id })).fullUser
    }
    expect(await fullOf(bob, alice)).toMatchObject({ theme: { emoticon } })
    expect(await fullOf(alice, bob)).toMatchObject({ theme: { emoticon } })
    await expect(alice.client.call({ ...set, theme })).rejects.toMatchObject({ text: 'EMOJI_NOT_MODIFIED' })
    const wrong = { _: 'inputChatTheme', emoticon: 'x' } as const
    await expect(alice.client.call({ ...set, theme: wrong })).rejects.toMatchObject({ text: 'EMOJI_INVALID' })
    const group = (await alice.client.createSupergroup({ title: 'no theme' })).inputPeer
    await expect(alice.client.call({ ...set, peer: group, theme })).rejects.toMatchObject({
      text: 'PEER_ID_INVALID',
    })
    await alice.client.call({ ...set, theme: { _: 'inputChatThemeEmpty' } })
    expect((await fullOf(bob, alice)).theme).toBeUndefined()
  })

  it('have a wallpaper of each, which the other may take too, and tell of screenshots', async () => {
    const peer = await alice.client.resolvePeer(bob.id)
    const wallpaper = { _: 'inputWallPaperNoFile', id: Long.fromNumber(5) } as const
    const settings = { _: 'wallPaperSettings', backgroundColor: 0xff0000 } as const
    await alice.client.call({ _: 'messages.setChatWallPaper', peer, wallpaper, settings })
    const told = await eventually('Bob hears of it', async () =>
      (await rawHistory(bob, alice)).find(
        (each) => each._ === 'messageService' && each.action._ === 'messageActionSetChatWallPaper',
      ),
    )
    const back = await bob.client.resolvePeer(alice.id)
    await bob.client.call({ _: 'messages.setChatWallPaper', peer: back, id: told.id })
    const id = await bob.client.resolveUser(alice.id)
    const { fullUser } = await bob.client.call({ _: 'users.getFullUser', id })
    expect(fullUser).toMatchObject({ wallpaper: { settings: { backgroundColor: 0xff0000 } } })
    const none = bob.client.call({ _: 'messages.setChatWallPaper', peer: back, id: 9999 })
    await expect(none).rejects.toMatchObject({ text: 'WALLPAPER_NOT_FOUND' })
    await bob.client.call({
      _: 'messages.sendScreenshotNotification',
      peer: back,
      replyTo: { _: 'inputReplyToMessage', replyToMsgId: 0 },
      randomId: Long.fromNumber(nextRandomId++),
    })
    await eventually('Alice hears of the screenshot', async () =>
      (await rawHistory(alice, bob)).find(
        (each) => each._ === 'messageService' && each.action._ === 'messageActionScreenshotTaken',
      ),
    )
  })
})
