import type { tl } from '@mtcute/node'
import { Api } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { freshPhone, type Member, member } from './people.ts'
import { LOGIN_CODE, type ServerProcess } from './server.ts'

const NOBODY: tl.TypeInputPrivacyRule[] = [{ _: 'inputPrivacyValueDisallowAll' }]
const EVERYBODY: tl.TypeInputPrivacyRule[] = [{ _: 'inputPrivacyValueAllowAll' }]

describe('privacy', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const choose = (who: Member, key: tl.TypeInputPrivacyKey['_'], rules: tl.TypeInputPrivacyRule[]) =>
    who.client.call({ _: 'account.setPrivacy', key: { _: key }, rules })
  const statusSeenBy = async (viewer: Member, other: Member) => {
    const [user] = await viewer.client.call({
      _: 'users.getUsers',
      id: [await viewer.client.resolveUser(other.id)],
    })
    return user?._ === 'user' ? user.status?._ : undefined
  }
  const goOnline = (who: Member) => who.client.call({ _: 'account.updateStatus', offline: false })

  it('keeps the last seen time, also in what is pushed, and from those who keep theirs', async () => {
    await goOnline(bob)
    expect(await statusSeenBy(alice, bob)).toBe('userStatusOnline')
    await choose(bob, 'inputPrivacyKeyStatusTimestamp', NOBODY)
    await eventually('hidden', async () => (await statusSeenBy(alice, bob)) === 'userStatusRecently')
    const told = alice.updates.length
    await goOnline(bob)
    await goOnline(alice)
    expect(await statusSeenBy(bob, alice)).toBe('userStatusRecently')
    expect(alice.updates.slice(told).filter(({ _ }) => _ === 'updateUserStatus')).toEqual([])
    await choose(bob, 'inputPrivacyKeyStatusTimestamp', EVERYBODY)
    await eventually('shown again', async () => (await statusSeenBy(alice, bob)) === 'userStatusOnline')
  })

  it('names the author of a forwarded message without a link, where that is wanted', async () => {
    const message = await bob.client.sendText(alice.id, 'on the record')
    const [received] = await alice.client.getHistory(bob.id, { limit: 1 })
    expect(received?.text).toBe(message.text)
    const forward = () => alice.client.forwardMessages({ messages: [received!], toChatId: 'me' })
    const origin = ([copy]: Awaited<ReturnType<typeof forward>>) => copy?.forward?.sender.displayName
    const linked = await forward()
    expect(linked[0]?.forward?.sender.type).toBe('user')
    await choose(bob, 'inputPrivacyKeyForwards', NOBODY)
    await eventually('the link is gone', async () => {
      const copies = await forward()
      return copies[0]?.forward?.sender.type === 'anonymous' && origin(copies) === 'Bob'
    })
    await choose(bob, 'inputPrivacyKeyForwards', EVERYBODY)
  })

  it('lets contacts write, and nobody else, where that is wanted', async () => {
    const stranger = await member(server.endpoints, 'Stranger')
    const settings = { _: 'globalPrivacySettings', newNoncontactPeersRequirePremium: true } as const
    await bob.client.call({ _: 'account.setGlobalPrivacySettings', settings })
    await stranger.client.importContacts([{ phone: bob.phone, firstName: 'B', lastName: '' }])
    await expect(stranger.client.sendText(bob.id, 'hello')).rejects.toMatchObject({
      text: 'PRIVACY_PREMIUM_REQUIRED',
    })
    expect((await alice.client.sendText(bob.id, 'it is me')).text).toBe('it is me')
    await bob.client.importContacts([{ phone: stranger.phone, firstName: 'S', lastName: '' }])
    await eventually('the stranger may write', async () =>
      stranger.client.sendText(bob.id, 'hello').catch(() => undefined),
    )
    await bob.client.call({
      _: 'account.setGlobalPrivacySettings',
      settings: { _: 'globalPrivacySettings' },
    })
    await stranger.client.destroy()
  })

  it('is told to the other sessions of the account', async () => {
    const other = await member(server.endpoints, 'x', bob.phone)
    await choose(bob, 'inputPrivacyKeyForwards', NOBODY)
    await eventually('told', () =>
      other.updates.some(
        (update) => update._ === 'updatePrivacy' && (update as tl.RawUpdatePrivacy).rules.length === 1,
      ),
    )
    await other.client.destroy()
  })

  it('GramJS: finds by number those alone who let themselves be found', async () => {
    const client = await gramjsClient(server.endpoints, 'tcp')
    await gramjsLogin(client, { phone: freshPhone(), firstName: 'Greta' }, async () => LOGIN_CODE)
    const find = () => client.invoke(new Api.contacts.ResolvePhone({ phone: bob.phone }))
    expect((await find()).users[0]?.id.toString()).toBe(String(bob.id))
    await choose(bob, 'inputPrivacyKeyAddedByPhone', [
      { _: 'inputPrivacyValueAllowContacts' },
      { _: 'inputPrivacyValueDisallowAll' },
    ])
    await expect(find()).rejects.toMatchObject({ errorMessage: 'PHONE_NOT_OCCUPIED' })
    const rules = [new Api.InputPrivacyValueDisallowAll()]
    const key = new Api.InputPrivacyKeyPhoneCall()
    const chosen = await client.invoke(new Api.account.SetPrivacy({ key, rules }))
    expect(chosen.rules[0]?.className).toBe('PrivacyValueDisallowAll')
    await client.destroy()
  })
})
