import type { TlType } from '@heliograph/schemas/tl'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessHash } from '../access-hash.ts'
import { type Rig, signUp, testRig } from '../test-rig.ts'

type Someone = Awaited<ReturnType<typeof signUp>>
const UNKNOWN = '+9996660009'

describe('what an owner has on its contacts', () => {
  let rig: Rig
  let alice: Someone
  let bob: Someone
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, '+9996660001', 'Alice', '01')
    bob = await signUp(rig, '+9996660002', 'Bob', '02')
  })

  const named = (viewer: Someone, of: Someone): TlType<'InputUser'> => ({
    _: 'inputUser',
    userId: of.userId,
    accessHash: accessHash(rig.services.keyring, viewer.userId, 'user', of.userId),
  })
  const text = (value: string) => ({ _: 'textWithEntities', text: value, entities: [] }) as const
  const noteOf = async (viewer: Someone, of: Someone) =>
    (await rig.call('users.getFullUser', { id: named(viewer, of) }, viewer)).fullUser.note?.text
  const write = (value: string) =>
    rig.call('contacts.updateContactNote', { id: named(alice, bob), note: text(value) }, alice)
  const add = (more: object = {}) =>
    rig.call(
      'contacts.addContact',
      { id: named(alice, bob), firstName: 'B', lastName: '', phone: '', ...more },
      alice,
    )
  const importing = (phone: string, firstName: string) =>
    rig.call(
      'contacts.importContacts',
      { contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone, firstName, lastName: '' }] },
      alice,
    )

  it('is a note, which only the owner sees, and which stays when the name changes: CONTACT_ID_INVALID', async () => {
    await expect(write('a stranger')).rejects.toThrow('CONTACT_ID_INVALID')
    await add()
    await write(' met in Paris ')
    expect(await noteOf(alice, bob)).toBe('met in Paris')
    await add({ firstName: 'Bobby' })
    await importing('+9996660002', 'Robert')
    expect(await noteOf(alice, bob)).toBe('met in Paris')
    expect(await noteOf(bob, bob)).toBeUndefined()
    await add({ note: text('met in Rome') })
    expect(await noteOf(alice, bob)).toBe('met in Rome')
    await write('')
    expect(await noteOf(alice, bob)).toBeUndefined()
  })

  it('is sealed in the log', async () => {
    await add({ note: text('met in Paris') })
    const put = rig.commands.findLast(({ record }) => record.type === 'PutContacts')
    expect(
      JSON.stringify(put, (_, value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value)),
    ).not.toContain('Paris')
  })

  it('are numbers that wait for an account, each once, until they are reset', async () => {
    const count = async () => {
      const list = await rig.call('contacts.getContacts', { hash: 0n }, alice)
      return 'savedCount' in list ? list.savedCount : -1
    }
    await importing(UNKNOWN, 'Unborn')
    await importing(UNKNOWN, 'Unborn')
    expect(await count()).toBe(1)
    expect(rig.commands.filter(({ record }) => record.type === 'AwaitPhone').length).toBe(1)
    await rig.call('contacts.resetSaved', {}, alice)
    expect(await count()).toBe(0)
    await signUp(rig, UNKNOWN, 'Newcomer', '03')
    await new Promise((resolve) => setImmediate(resolve))
    expect(await rig.call('contacts.getContactIDs', { hash: 0n }, alice)).toEqual([])
  })

  it('makes its contacts, and without a sound for who does not want to hear of sign-ups', async () => {
    await rig.call('account.setContactSignUpNotification', { silent: true }, alice)
    await importing(UNKNOWN, 'Awaited')
    const newcomer = await signUp(rig, UNKNOWN, 'Newcomer', '03')
    const ids = () => rig.call('contacts.getContactIDs', { hash: 0n }, alice)
    await expect.poll(ids).toEqual([newcomer.userId])
    const note = () => rig.commands.find(({ record }) => record.type === 'SendMessage')?.record
    await expect.poll(note).toMatchObject({ senderId: newcomer.userId, silent: true })
  })

  it('can be reached by a link, for a while: IMPORT_TOKEN_INVALID', async () => {
    const { url, expires } = await rig.call('contacts.exportContactToken', {}, bob)
    const token = new URL(url).searchParams.get('token')!
    const open = (given: string) => rig.call('contacts.importContactToken', { token: given }, alice)
    expect(await open(token)).toMatchObject({ id: bob.userId, firstName: 'Bob' })
    for (const bad of ['', 'x', `${token}x`, 'A'.repeat(22)])
      await expect(open(bad)).rejects.toThrow('IMPORT_TOKEN_INVALID')
    rig.nowMs = expires * 1000
    await expect(open(token)).rejects.toThrow('IMPORT_TOKEN_INVALID')
  })
})
