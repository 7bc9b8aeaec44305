import type { AnyCall } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { namesFromMessage } from './from-message.ts'

describe('inputs that name somebody by a message', () => {
  const peer = { _: 'inputPeerChannel', channelId: 7, accessHash: 1n } as const
  const user = { _: 'inputUserFromMessage', peer, msgId: 3, userId: 5 } as const

  it.each<[string, AnyCall]>([
    ['at the top', { _: 'users.getFullUser', id: user }],
    ['in a vector', { _: 'users.getUsers', id: [{ _: 'inputUserSelf' }, user] }],
    [
      'within another input',
      {
        _: 'account.getNotifySettings',
        peer: {
          _: 'inputNotifyPeer',
          peer: { _: 'inputPeerUserFromMessage', peer, msgId: 3, userId: 5 },
        },
      },
    ],
  ])('are found %s', (_, call) => {
    expect(namesFromMessage(call)).toBe(true)
  })

  it.each<[string, AnyCall]>([
    ['plain', { _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] }],
    ['with bytes', { _: 'upload.saveFilePart', fileId: 1n, filePart: 0, bytes: Buffer.alloc(64) }],
  ])('are not found in a %s call', (_, call) => {
    expect(namesFromMessage(call)).toBe(false)
  })
})
