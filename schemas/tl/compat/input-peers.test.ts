import { describe, expect, it } from 'vitest'
import { decodeCall, decodeObject, encodeCall, encodeObject } from '../codec.ts'
import { TlDecodeError } from '../decode-error.ts'
import { LAYERS, NEWEST_LAYER } from '../layers.ts'
import type { AnyCall, AnyObject } from '../types.ts'
import { asInputPeer } from './input-peers.ts'

const user = { userId: 7, accessHash: 9n }
const channel = { channelId: 7, accessHash: 9n }
const message = { peer: { _: 'inputPeerSelf' }, msgId: 3, userId: 7 }

/** The bytes of a call, with `given` in the place of its argument `proper`. */
function sent(call: object, proper: object, given: object, layer = NEWEST_LAYER): Buffer {
  const bytes = encodeCall(call as AnyCall, layer)
  const written = encodeObject(proper as AnyObject, layer)
  const at = bytes.indexOf(written)
  const rest = bytes.subarray(at + written.length)
  return Buffer.concat([bytes.subarray(0, at), encodeObject(given as AnyObject, layer), rest])
}

describe('peers of a neighbouring type in a request', () => {
  it.each([
    [
      { _: 'inputPeerUser', ...user },
      { _: 'inputUser', ...user },
    ],
    [{ _: 'inputPeerSelf' }, { _: 'inputUserSelf' }],
    [{ _: 'inputPeerEmpty' }, { _: 'inputUserEmpty' }],
    [
      { _: 'inputPeerUserFromMessage', ...message },
      { _: 'inputUserFromMessage', ...message },
    ],
  ])('reads $0._ as $1._', (given, read) => {
    const one = { _: 'users.getFullUser', id: read }
    for (const layer of LAYERS) expect(decodeCall(sent(one, read, given, layer))).toEqual(one)
    const many = { _: 'users.getUsers', id: [read, { _: 'inputUserSelf' }] }
    expect(decodeCall(sent(many, read, given))).toEqual(many)
  })

  it('reads the peer of a channel as the channel', () => {
    const proper = { _: 'inputChannel', ...channel }
    const call = { _: 'channels.getFullChannel', channel: proper }
    expect(decodeCall(sent(call, proper, { _: 'inputPeerChannel', ...channel }))).toEqual(call)
  })

  it.each([
    [
      { _: 'inputUser', ...user },
      { _: 'inputPeerUser', ...user },
    ],
    [{ _: 'inputUserSelf' }, { _: 'inputPeerSelf' }],
    [
      { _: 'inputChannel', ...channel },
      { _: 'inputPeerChannel', ...channel },
    ],
  ])('reads $0._ as $1._', (given, read) => {
    const typing = { _: 'messages.setTyping', peer: read, action: { _: 'sendMessageTypingAction' } }
    expect(decodeCall(sent(typing, read, given))).toEqual(typing)
    expect(asInputPeer(given)).toEqual(read)
  })

  it('refuses a peer that cannot be a user, and any in a value that is not a request', () => {
    const self = { _: 'inputUserSelf' }
    const call = { _: 'users.getFullUser', id: self }
    expect(() => decodeCall(sent(call, self, { _: 'inputPeerChat', chatId: 5 }))).toThrow(TlDecodeError)
    expect(() => decodeObject(sent(call, self, { _: 'inputPeerSelf' }))).toThrow(TlDecodeError)
  })
})
