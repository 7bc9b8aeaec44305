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

describe('facts of methods', () => {
  it('tell who may call and what may go wrong', () => {
    const facts = methodFacts()
    expect(facts['messages.sendMessage']).toMatchObject({ botsAllowed: true, usersAllowed: true })
    expect(facts['messages.sendMessage']!.errors).toContain('MESSAGE_EMPTY')
    expect(facts['messages.getDialogs']!.botsAllowed).toBe(false)
    expect(facts['auth.importBotAuthorization']!.errors).toContain('ACCESS_TOKEN_INVALID')
  })
})
