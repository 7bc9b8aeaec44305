import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatId,
  channelChatId,
  type EditChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { adminLog, chatInfos, PUBLIC_CHAT_BUCKETS, publicChats } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { calledHeader, someAt, specification } from '../runtime/specification.ts'
import {
  add,
  admin,
  after,
  alice,
  bob,
  broadcast,
  carol,
  create,
  dave,
  edit,
  group,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const { banUsers, changeInfo, deleteMessages, pinMessages } = ADMIN_RIGHTS
const chat = [create('supergroup'), add(supergroup, alice, bob, carol)]
const profile = Buffer.from('another')
const change = (byUserId: UserId, what: string, more: Partial<EditChat>) =>
  edit(supergroup, byUserId, what, more)
const withRight = (right: number) => spec.given(...after(...chat, admin(supergroup, alice, carol, right)))
const infoAfter = (...edits: EditChat[]) =>
  new Story().tell(...chat, ...edits).rows.get(chatInfos, { chatId: supergroup })

describe('EditChat', () => {
  it('changes what it names and nothing else, and counts the version', () => {
    expect(infoAfter(change(alice, 'title', { profile }))).toMatchObject({
      profile,
      version: 3,
      username: null,
    })
    const some = infoAfter(
      change(alice, 'username', { username: 'heliograph' }),
      change(alice, 'default-banned', {
        defaultBanned: BANNED_RIGHTS.sendPolls | BANNED_RIGHTS.viewMessages,
      }),
      change(alice, 'slow-mode', { slowModeSeconds: 30 }),
      change(alice, 'ttl', { ttlSeconds: 86_400 }),
      change(alice, 'reactions', { reactions: ['+'], reactionsLimit: 3 }),
      change(alice, 'flags', { setFlags: ['joinRequest', 'antiSpam'] }),
      change(alice, 'flags', { clearFlags: ['antiSpam'] }),
    )
    expect(some).toMatchObject({
      username: 'heliograph',
      defaultBanned: BANNED_RIGHTS.sendPolls,
      slowModeSeconds: 30,
      ttlSeconds: 86_400,
      reactions: ['+'],
      allReactions: false,
      reactionsLimit: 3,
      flags: ['joinRequest'],
    })
    const open = [
      change(alice, 'reactions', { reactions: [] }),
      change(alice, 'reactions', { allReactions: true }),
    ]
    expect(infoAfter(...open)).toMatchObject({ allReactions: true })
  })

  it('tells all once, and the chat where the change is worth it', () => {
    const quiet = change(alice, 'about', { profile })
    const event = after(...chat, quiet).at(-1)!
    expect(event).toMatchObject({ change: 'about', byUserId: alice, answers: true })
    const reactions = messageDecider.react(event, calledHeader, someAt)
    expect(reactions.map(({ kind }) => kind)).toEqual(['answer', 'publication'])
    expect(reactions[1]).toMatchObject({
      channel: `chat:${supergroup}`,
      record: { kind: 'info', senderId: alice },
    })
    const loud = { ...change(alice, 'title', { profile }), service: Buffer.from('new title') }
    expect(after(...chat, loud).slice(-2)).toMatchObject([
      { answers: false },
      { type: 'MessageSent', seq: 3 },
    ])
  })

  it('lets members change the looks of a group unless that is forbidden, and nobody else', () => {
    const title = (byUserId: UserId) => change(byUserId, 'title', { profile })
    expect(infoAfter(title(bob))).toMatchObject({ profile })
    const closed = change(alice, 'default-banned', { defaultBanned: BANNED_RIGHTS.changeInfo })
    const given = spec.given(...after(...chat, closed))
    given.when(title(bob)).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(title(dave)).rejected(400, 'CHANNEL_PRIVATE')
    const posts = after(create('broadcast'), add(broadcast, alice, bob))
    spec
      .given(...posts)
      .when({ ...title(bob), chatId: broadcast })
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given()
      .when({ ...title(bob), chatId: group })
      .rejected(400, 'CHAT_ID_INVALID')
  })

  it('needs the right that each change needs', () => {
    const slow = change(carol, 'slow-mode', { slowModeSeconds: 10 })
    withRight(changeInfo).when(slow).rejected(400, 'CHAT_ADMIN_REQUIRED')
    withRight(changeInfo)
      .when(change(carol, 'username', { username: 'x' }))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    withRight(banUsers)
      .when(change(carol, 'reactions', { reactions: [] }))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    const flag = (name: EditChat['setFlags'][number]) => change(carol, 'flags', { setFlags: [name] })
    withRight(changeInfo).when(flag('antiSpam')).rejected(400, 'CHAT_ADMIN_REQUIRED')
    withRight(deleteMessages).when(flag('joinRequest')).rejected(400, 'CHAT_ADMIN_REQUIRED')
    withRight(changeInfo).when(flag('noForwards')).rejected(400, 'CHAT_ADMIN_REQUIRED')
    withRight(changeInfo).when(flag('deactivated')).rejected(400, 'CHAT_ADMIN_REQUIRED')
    const led = [...chat, admin(supergroup, alice, carol, banUsers), slow, flag('joinRequest')]
    expect(after(...led).at(-1)).toMatchObject({ info: { slowModeSeconds: 10, flags: ['joinRequest'] } })
  })

  it('gives basic groups no public name', () => {
    const name = edit(group, alice, 'username', { username: 'x' })
    spec
      .given(...after(create('group')))
      .when(name)
      .rejected(400, 'CHAT_ID_INVALID')
  })

  it('is rejected where nothing changes', () => {
    const given = spec.given(...after(...chat))
    given.when(change(alice, 'ttl', { ttlSeconds: 0 })).rejected(400, 'CHAT_NOT_MODIFIED')
    given.when(change(alice, 'username', { username: '' })).rejected(400, 'USERNAME_NOT_MODIFIED')
    given.when(change(alice, 'linked', { linkedChatId: '' as ChatId })).rejected(400, 'LINK_NOT_MODIFIED')
    given.when(change(alice, 'flags', { clearFlags: ['forum'] })).rejected(400, 'CHAT_NOT_MODIFIED')
    given.when(change(alice, 'about', {})).rejected(400, 'CHAT_ABOUT_NOT_MODIFIED')
  })

  it('says that nothing changes to nobody who may not change it', () => {
    const given = spec.given(
      ...after(...chat, change(alice, 'default-banned', { defaultBanned: BANNED_RIGHTS.changeInfo })),
    )
    for (const what of ['title', 'about', 'photo', 'ttl'])
      given.when(change(bob, what, {})).rejected(400, 'CHAT_ADMIN_REQUIRED')
    for (const flag of ['signatures', 'joinRequest', 'noForwards'] as const)
      given.when(change(bob, 'flags', { clearFlags: [flag] })).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(change(dave, 'about', {})).rejected(400, 'CHANNEL_PRIVATE')
  })

  it('tells of names that are kept elsewhere, and changes nothing here', () => {
    const told = change(alice, 'usernames', { log: Buffer.from('log') })
    const { rows, events } = new Story().tell(...chat, told)
    const before = new Story().tell(...chat).rows.get(chatInfos, { chatId: supergroup })!
    expect(rows.get(chatInfos, { chatId: supergroup })).toEqual({ ...before, version: before.version! + 1 })
    expect(events.at(-1)).toMatchObject({ type: 'ChatChanged', change: 'usernames', formerUsername: null })
    const entries = rows.entries().filter(([id]) => id.startsWith(`${adminLog.name}(`))
    expect(entries.map(([, row]) => row)).toMatchObject([{ kind: 'info', userId: alice }])
    const given = spec.given(...after(...chat, add(supergroup, alice, carol)))
    given.when(change(carol, 'usernames', {})).rejected(400, 'CHAT_ADMIN_REQUIRED')
  })

  it('stands among the public chats for as long as it has a name', () => {
    const key = { bucket: 3_000_000_001 % PUBLIC_CHAT_BUCKETS, chatId: supergroup }
    const story = new Story().tell(...chat)
    expect(story.rows.get(publicChats, key)).toBeUndefined()
    story.tell(change(alice, 'username', { username: 'First' }))
    expect(story.rows.get(publicChats, key)).toEqual(key)
    story.tell(change(alice, 'username', { username: '' }))
    expect(story.rows.get(publicChats, key)).toBeUndefined()
  })

  it('frees the name that it gives up, and shows its history where it is public', () => {
    const hide = change(alice, 'flags', { setFlags: ['hiddenHistory'] })
    const named = [...chat, hide, change(alice, 'username', { username: 'First' })]
    expect(after(...named).at(-1)).toMatchObject({ info: { flags: [] }, formerUsername: null })
    const renamed = after(...named, change(alice, 'username', { username: 'second' })).at(-1)
    expect(renamed).toMatchObject({ formerUsername: 'First' })
    const record = { type: 'ReleaseUsername', username: 'first', userId: -1_003_000_000_001 }
    expect(messageDecider.react(renamed!, calledHeader, someAt)).toContainEqual({
      kind: 'record',
      topic: 'account.commands',
      key: 'username:first',
      record,
      reply: null,
    })
    const public_ = spec.given(...after(...named))
    public_.when(hide).rejected(400, 'CHAT_LINK_EXISTS')
  })

  it('holds the photo that it shows, and lets the one before go', () => {
    const first = change(alice, 'photo', { profile, files: [7n] })
    const second = change(alice, 'photo', { profile: Buffer.from('2'), files: [8n] })
    const event = after(...chat, first, second).at(-1)
    expect(event).toMatchObject({ files: [8n], lostFiles: [7n] })
    const orders = messageDecider.react(event!, calledHeader, someAt).filter(({ kind }) => kind === 'record')
    expect(orders).toMatchObject([
      { record: { type: 'HoldDocument', documentId: 8n, holder: `chat:${supergroup}` } },
      { record: { type: 'ReleaseDocument', documentId: 7n } },
    ])
  })

  it('keeps a log for administrators where the command says what to write', () => {
    const log = Buffer.from('action')
    const { rows } = new Story().tell(...chat, change(alice, 'title', { profile, log }))
    expect(rows.get(adminLog, { chatId: supergroup, eventId: 2 })).toMatchObject({
      userId: alice,
      kind: 'info',
      sealed: log,
    })
  })
})

describe('links between a channel and its discussion', () => {
  const other = channelChatId(3_000_000_009)
  const linkTo = (linkedChatId: string) => change(alice, 'linked', { linkedChatId: linkedChatId as ChatId })

  it('need the right to pin in the group, and a history that everybody sees', () => {
    withRight(changeInfo)
      .when(change(carol, 'linked', { linkedChatId: broadcast }))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    const led = [...chat, admin(supergroup, alice, carol, pinMessages)]
    expect(after(...led, change(carol, 'linked', { linkedChatId: broadcast })).at(-1)).toMatchObject({
      info: { linkedChatId: broadcast },
    })
    const hide = change(alice, 'flags', { setFlags: ['hiddenHistory'] })
    spec
      .given(...after(...chat, hide))
      .when(linkTo(broadcast))
      .rejected(400, 'MEGAGROUP_PREHISTORY_HIDDEN')
    spec
      .given(...after(...chat, linkTo(broadcast)))
      .when(hide)
      .rejected(400, 'CHAT_LINK_EXISTS')
  })

  it('end on both sides', () => {
    const moved = after(...chat, linkTo(broadcast), linkTo(other)).at(-1)
    expect(moved).toMatchObject({ formerLinkedChatId: broadcast })
    const unlink = { type: 'UnlinkChat', chatId: broadcast, fromChatId: supergroup } as const
    expect(messageDecider.react(moved!, calledHeader, someAt)).toContainEqual({
      kind: 'record',
      topic: 'chat.commands',
      key: broadcast,
      record: unlink,
      reply: null,
    })
    const posts = [create('broadcast'), edit(broadcast, alice, 'linked', { linkedChatId: supergroup })]
    const unlinked = after(...posts, unlink).at(-1)
    expect(unlinked).toMatchObject({ change: 'unlink', info: { linkedChatId: null } })
    expect(messageDecider.react(unlinked!, calledHeader, someAt).map(({ kind }) => kind)).not.toContain(
      'record',
    )
    spec
      .given(...after(...posts))
      .when({ ...unlink, fromChatId: other })
      .gives()
  })
})
