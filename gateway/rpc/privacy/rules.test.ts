import { describe, expect, it } from 'vitest'
import { admits, admitsByDefault, audienceOf, type PrivacyRule, type Standing } from './rules.ts'

const stranger: Standing = { id: 7, isContact: false, isCloseFriend: false, sharedChats: new Set() }
const contact: Standing = { ...stranger, isContact: true }
const asked = (rules: PrivacyRule[], asking: Standing) => admits(audienceOf(rules), asking)

describe('privacy rules', () => {
  it('admit everybody, contacts or nobody', () => {
    expect(asked([{ _: 'privacyValueAllowAll' }], stranger)).toBe(true)
    expect(asked([{ _: 'privacyValueDisallowAll' }], contact)).toBe(false)
    const contacts: PrivacyRule[] = [{ _: 'privacyValueAllowContacts' }, { _: 'privacyValueDisallowAll' }]
    expect(asked(contacts, contact)).toBe(true)
    expect(asked(contacts, stranger)).toBe(false)
  })

  it('refuse who is not spoken of', () => {
    expect(asked([{ _: 'privacyValueAllowContacts' }], stranger)).toBe(false)
    expect(asked([{ _: 'privacyValueAllowUsers', users: [8] }], contact)).toBe(false)
  })

  it('put contacts before everybody, in both directions', () => {
    const strangersOnly: PrivacyRule[] = [
      { _: 'privacyValueDisallowContacts' },
      { _: 'privacyValueAllowAll' },
    ]
    expect(asked(strangersOnly, contact)).toBe(false)
    expect(asked(strangersOnly, stranger)).toBe(true)
  })

  it('put exceptions by name first, whatever the order of the rules', () => {
    const all: PrivacyRule = { _: 'privacyValueAllowAll' }
    const none: PrivacyRule = { _: 'privacyValueDisallowAll' }
    expect(asked([all, { _: 'privacyValueDisallowUsers', users: [7] }], contact)).toBe(false)
    expect(asked([none, { _: 'privacyValueAllowUsers', users: [7] }], stranger)).toBe(true)
  })

  it('put exceptions by chat behind those by name', () => {
    const inChat = { ...stranger, sharedChats: new Set([50]) }
    const allowed: PrivacyRule[] = [
      { _: 'privacyValueAllowChatParticipants', chats: [50] },
      { _: 'privacyValueDisallowAll' },
    ]
    expect(asked(allowed, inChat)).toBe(true)
    expect(asked(allowed, stranger)).toBe(false)
    expect(asked([...allowed, { _: 'privacyValueDisallowUsers', users: [7] }], inChat)).toBe(false)
    const denied: PrivacyRule[] = [
      { _: 'privacyValueDisallowChatParticipants', chats: [49, 50] },
      { _: 'privacyValueAllowAll' },
    ]
    expect(asked(denied, inChat)).toBe(false)
    expect(asked([...denied, { _: 'privacyValueAllowUsers', users: [7] }], inChat)).toBe(true)
  })

  it('admit close friends where they are spoken of', () => {
    const rules: PrivacyRule[] = [{ _: 'privacyValueAllowCloseFriends' }, { _: 'privacyValueDisallowAll' }]
    expect(asked(rules, { ...contact, isCloseFriend: true })).toBe(true)
    expect(asked(rules, contact)).toBe(false)
  })

  it('admit nobody for a subscription, which nobody has', () => {
    expect(asked([{ _: 'privacyValueAllowPremium' }, { _: 'privacyValueDisallowAll' }], contact)).toBe(false)
  })

  it('show number and birthday to contacts, the rest to everybody, until something is chosen', () => {
    expect(admitsByDefault('PhoneNumber', false)).toBe(false)
    expect(admitsByDefault('PhoneNumber', true)).toBe(true)
    expect(admitsByDefault('StatusTimestamp', false)).toBe(true)
  })
})
