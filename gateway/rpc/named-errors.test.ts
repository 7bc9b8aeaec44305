import { RpcError } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { asNamed } from './named-errors.ts'

describe('a refusal', () => {
  it.each([
    ['messages.getHistory', '400 CHANNEL_PRIVATE', '406 CHANNEL_PRIVATE'],
    ['channels.getFullChannel', '400 CHANNEL_PRIVATE', '406 CHANNEL_PRIVATE'],
    ['messages.readHistory', '400 CHANNEL_PRIVATE', '400 CHANNEL_PRIVATE'],
    ['messages.sendMessage', '400 USER_IS_BLOCKED', '403 USER_IS_BLOCKED'],
    ['messages.sendMultiMedia', '400 USER_IS_BLOCKED', '400 USER_IS_BLOCKED'],
    ['channels.editTitle', '400 CHAT_ADMIN_REQUIRED', '403 CHAT_ADMIN_REQUIRED'],
    ['messages.editChatAbout', '400 CHAT_ADMIN_REQUIRED', '400 CHAT_ADMIN_REQUIRED'],
    ['auth.sendCode', '400 PHONE_NUMBER_INVALID', '406 PHONE_NUMBER_INVALID'],
    ['messages.sendMessage', '403 PRIVACY_PREMIUM_REQUIRED', '406 PRIVACY_PREMIUM_REQUIRED'],
    ['messages.sendMedia', '403 PRIVACY_PREMIUM_REQUIRED', '403 PRIVACY_PREMIUM_REQUIRED'],
    // Under the name that the method has for it first.
    ['messages.getMessageReactionsList', '400 MESSAGE_ID_INVALID', '400 MSG_ID_INVALID'],
    ['messages.sendMessage', '420 SLOWMODE_WAIT_7', '420 SLOWMODE_WAIT_7'],
    ['messages.getHistory', '500 STORE_UNAVAILABLE', '500 STORE_UNAVAILABLE'],
  ] as const)('of %s: %s comes out as %s', (method, raised, told) => {
    const [code, name] = raised.split(' ') as [string, string]
    expect(asNamed(method, new RpcError(Number(code), name))).toMatchObject({ message: told })
  })

  it('is the only thing that is told otherwise', () => {
    const bug = new TypeError('a bug')
    expect(asNamed('messages.getHistory', bug)).toBe(bug)
  })
})
