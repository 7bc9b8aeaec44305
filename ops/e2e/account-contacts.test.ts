import { Long, type tl } from '@mtcute/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import type { ServerProcess } from './server.ts'

const DAY_SECONDS = 86_400

describe('what an account keeps about others, and shows of itself', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
    carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, carol)
    await acquaint(bob, carol)
  })
  afterAll(async () => {
    await carol?.client.destroy()
    await endCouple({ server, alice, bob })
  })

  const inputUser = (viewer: Member, id: number) => viewer.client.resolveUser(id) as Promise<tl.TypeInputUser>
  const pageOf = async (viewer: Member, id: number) => {
    const full = await viewer.client.call({ _: 'users.getFullUser', id: await inputUser(viewer, id) })
    return { page: full.fullUser, user: full.users[0] as tl.RawUser }
  }
  const picture = async (color: string) => {
    const size = { width: 320, height: 320, channels: 3, background: color } as const
    const jpeg = await sharp({ create: size }).jpeg().toBuffer()
    return (await alice.client.uploadFile({ file: jpeg, fileName: 'photo.jpg' })).inputFile
  }
  const givePhoto = async (more: Partial<tl.photos.RawUploadContactProfilePhotoRequest>) =>
    alice.client.call({
      _: 'photos.uploadContactProfilePhoto',
      userId: await inputUser(alice, bob.id),
      ...more,
    })

  it('a picture for a contact is seen by its giver alone, until it is taken away', async () => {
    const { photo } = await givePhoto({ save: true, file: await picture('red') })
    const seen = await pageOf(alice, bob.id)
    expect(seen.user.photo).toMatchObject({ personal: true, photoId: photo.id })
    expect(seen.page.personalPhoto?.id).toEqual(photo.id)
    const chatPhoto = (await alice.client.getUser(bob.id)).photo
    expect((await alice.client.downloadAsBuffer(chatPhoto!.small)).length).toBeGreaterThan(100)
    expect((await pageOf(carol, bob.id)).user.photo).toBeUndefined()
    await alice.client.addContact({ userId: bob.id, firstName: 'Bobby', lastName: 'T' })
    expect((await pageOf(alice, bob.id)).user).toMatchObject({
      firstName: 'Bobby',
      photo: { personal: true },
    })
    await givePhoto({ save: true })
    const after = await pageOf(alice, bob.id)
    expect(after.user.photo).toBeUndefined()
    expect(after.page.personalPhoto).toBeUndefined()
  })

  it('a picture that is proposed to a contact comes by a message, and can be taken over', async () => {
    await givePhoto({ suggest: true, file: await picture('blue') })
    const proposed = () =>
      (bob.updates as tl.TypeUpdate[])
        .flatMap((update) => (update._ === 'updateNewMessage' ? [update.message] : []))
        .flatMap((message) => (message._ === 'messageService' ? [message.action] : []))
        .find((action) => action._ === 'messageActionSuggestProfilePhoto')
    await eventually('Bob has got it', () => proposed() !== undefined)
    const { photo } = proposed() as tl.RawMessageActionSuggestProfilePhoto
    if (photo._ !== 'photo') throw new Error(photo._)
    const id = {
      _: 'inputPhoto',
      id: photo.id,
      accessHash: photo.accessHash,
      fileReference: photo.fileReference,
    } as const
    await bob.client.call({ _: 'photos.updateProfilePhoto', id })
    await eventually(
      'Carol sees it',
      async () => (await pageOf(carol, bob.id)).page.profilePhoto !== undefined,
    )
  })

  it('wants a contact and something to do: CONTACT_MISSING, NEED_ACTION_MISSING, USER_ID_INVALID', async () => {
    const call = 'photos.uploadContactProfilePhoto'
    await expect(givePhoto({ file: await picture('green') })).rejects.toMatchObject({
      text: 'NEED_ACTION_MISSING',
    })
    const myself = { _: call, save: true, userId: { _: 'inputUserSelf' } } as const
    await expect(alice.client.call(myself)).rejects.toMatchObject({ text: 'USER_ID_INVALID' })
    const userId = await inputUser(bob, alice.id)
    await bob.client.deleteContacts([alice.id])
    await expect(bob.client.call({ _: call, save: true, userId })).rejects.toMatchObject({
      text: 'CONTACT_MISSING',
    })
  })

  it('a page opens with the tab that its owner chose', async () => {
    expect((await pageOf(bob, carol.id)).page.mainTab).toBeUndefined()
    await carol.client.call({ _: 'account.setMainProfileTab', tab: { _: 'profileTabMusic' } })
    expect((await pageOf(bob, carol.id)).page.mainTab).toEqual({ _: 'profileTabMusic' })
  })

  it('new chats begin with the timer that their beginner has set, chats of before stay as they are', async () => {
    await bob.client.sendText(alice.id, 'before')
    await bob.client.call({ _: 'messages.setDefaultHistoryTTL', period: DAY_SECONDS })
    await bob.client.sendText(alice.id, 'and after')
    expect((await pageOf(bob, alice.id)).page.ttlPeriod).toBeUndefined()
    await bob.client.sendText(carol.id, 'something new')
    await eventually('Carol has got both', async () => (await carol.client.getHistory(bob.id)).length === 2)
    const [text, timer] = (await carol.client.getHistory(bob.id)).map(({ raw }) => raw)
    expect(timer).toMatchObject({
      _: 'messageService',
      action: {
        _: 'messageActionSetMessagesTTL',
        period: DAY_SECONDS,
        autoSettingFrom: Long.fromNumber(bob.id),
      },
    })
    expect(text).toMatchObject({ message: 'something new', ttlPeriod: DAY_SECONDS })
    expect((await pageOf(carol, bob.id)).page.ttlPeriod).toBe(DAY_SECONDS)
    await bob.client.call({ _: 'messages.setDefaultHistoryTTL', period: 0 })
  })

  it('a deleted account stays in its groups, shown as deleted', async () => {
    const dora = await member(server.endpoints, 'Dora')
    await acquaint(alice, dora)
    const { chat } = await alice.client.createGroup({ title: 'Readers', users: [bob.id, dora.id] })
    await dora.client.call({ _: 'account.deleteAccount', reason: 'bye' })
    await dora.client.destroy()
    await eventually('Alice sees that it is gone', async () => {
      const members = await alice.client.getChatMembers(chat.id)
      const gone = members.find(({ user }) => user.id === dora.id)
      return members.length === 3 && gone?.user.isDeleted === true
    })
  })

  it('a private channel that one has left: CHANNEL_PRIVATE', async () => {
    const { id } = await alice.client.createChannel({ title: 'Private', description: '' })
    await alice.client.addChatMembers(id, [bob.id], {})
    await eventually('Bob is in it', async () => (await bob.client.findDialogs(id)).length === 1)
    const peer = await bob.client.resolvePeer(id)
    await bob.client.leaveChat(id)
    const settings = { _: 'inputPeerNotifySettings', silent: true } as const
    const notifyPeer = { _: 'inputNotifyPeer', peer } as const
    const error = { code: 400, text: 'CHANNEL_PRIVATE' }
    await eventually('it is closed to Bob', () =>
      bob.client.call({ _: 'account.updateNotifySettings', peer: notifyPeer, settings }).then(
        () => false,
        () => true,
      ),
    )
    await expect(
      bob.client.call({ _: 'account.updateNotifySettings', peer: notifyPeer, settings }),
    ).rejects.toMatchObject(error)
    const reason = { _: 'inputReportReasonSpam' } as const
    await expect(
      bob.client.call({ _: 'account.reportPeer', peer, reason, message: '' }),
    ).rejects.toMatchObject(error)
  })

  it('a history that one deletes for both is gone for both', async () => {
    await alice.client.sendText(carol.id, 'to be forgotten')
    await carol.client.sendText(alice.id, 'indeed')
    await alice.client.deleteHistory(carol.id, { mode: 'revoke' })
    for (const [one, other] of [
      [alice, carol],
      [carol, alice],
    ] as const)
      await eventually('nothing is left', async () => (await one.client.getHistory(other.id)).length === 0)
  })
})
