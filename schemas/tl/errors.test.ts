import { describe, expect, it } from 'vitest'
import { errorCode, errorCodes, methodFacts } from './errors.ts'
import { floodWait, rpcError } from './rpc-error.ts'

describe('errors', () => {
  it('have the codes of the schema data, numbers in their names or not', () => {
    expect(errorCode('PHONE_NUMBER_INVALID')).toBe(errorCodes().PHONE_NUMBER_INVALID)
    expect(errorCode('SESSION_PASSWORD_NEEDED')).toBe(401)
    expect(errorCode('CHAT_WRITE_FORBIDDEN')).toBe(403)
    expect(errorCode('FILE_MIGRATE_2')).toBe(303)
    expect(errorCode('FLOOD_WAIT_30')).toBe(420)
    expect(errorCode('FLOOD_WAIT_X')).toBe(420)
    expect(errorCode('FILE_PART_3_MISSING')).toBe(400)
    expect(errorCode('2FA_CONFIRM_WAIT_60')).toBe(420)
    expect(errorCode('NO_SUCH_ERROR')).toBe(400)
  })

  it('are raised as they travel', () => {
    expect(rpcError('AUTH_KEY_UNREGISTERED')).toMatchObject({
      code: 401,
      errorMessage: 'AUTH_KEY_UNREGISTERED',
    })
    expect(floodWait(2.1)).toMatchObject({ code: 420, errorMessage: 'FLOOD_WAIT_3' })
  })
})

describe('codes of errors', () => {
  it.each([
    [
      'CHANNEL_PRIVATE',
      400,
      { 'messages.getHistory': 406, 'channels.getFullChannel': 406, 'messages.readHistory': 400 },
    ],
    [
      'CHAT_ADMIN_REQUIRED',
      400,
      { 'channels.editTitle': 403, 'messages.sendMessage': 403, 'messages.editChatAbout': 400 },
    ],
    [
      'INVITE_HASH_EXPIRED',
      400,
      { 'messages.importChatInvite': 406, 'messages.getChatInviteImporters': 400 },
    ],
    ['PHONE_NUMBER_INVALID', 400, { 'auth.sendCode': 406, 'account.confirmPhone': 400 }],
    ['PRIVACY_PREMIUM_REQUIRED', 403, { 'messages.sendMessage': 406, 'messages.sendMedia': 403 }],
    ['TAKEOUT_REQUIRED', 400, { 'contacts.getSaved': 403 }],
    ['USER_IS_BLOCKED', 400, { 'messages.sendMessage': 403, 'contacts.addContact': 400 }],
  ] as const)('are those of the method: %s', (error, elsewhere, own) => {
    expect(errorCode(error)).toBe(elsewhere)
    const methods = Object.keys(own)
    expect(Object.fromEntries(methods.map((method) => [method, errorCode(error, method)]))).toEqual(own)
  })

  it('that tell a client what to do are the same for each method', () => {
    expect(errorCodes().MSG_WAIT_FAILED).toBe(400)
    expect(methodFacts()['messages.editMessage']!.errors).toContain('MSG_WAIT_FAILED')
    expect(errorCode('MSG_WAIT_FAILED', 'messages.editMessage')).toBe(400)
    expect(errorCode('FLOOD_WAIT_3', 'messages.sendMessage')).toBe(420)
  })
})

describe('facts of methods', () => {
  it('tell who may call and what may go wrong', () => {
    const facts = methodFacts()
    expect(facts['messages.sendMessage']).toMatchObject({ botsAllowed: true, usersAllowed: true })
    expect(facts['messages.sendMessage']!.errors).toContain('MESSAGE_EMPTY')
    expect(facts['messages.getDialogs']!.botsAllowed).toBe(false)
    expect(facts['auth.importBotAuthorization']!.errors).toContain('ACCESS_TOKEN_INVALID')
  })
})
