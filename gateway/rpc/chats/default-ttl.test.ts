import { type ChatId, chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { chats, settings } from '@heliograph/storage'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CallContext } from '../handler.ts'
import { addUsers } from '../messages/channel-rig.ts'
import { ALICE, BOB, Rig } from '../messages/test-rig.ts'
import { sealSetting } from '../sealed.ts'
import { beginTimer } from './default-ttl.ts'

const DAY = 86_400
const chatId: ChatId = chatIdOf(ALICE, BOB as number as PeerId)

describe('the timer that new chats begin with', () => {
  let rig: Rig
  let context: CallContext
  const asked: object[] = []
  beforeEach(async () => {
    rig = await Rig.start()
    asked.length = 0
    const commands = { ask: async (_topic: string, _key: string, record: object) => void asked.push(record) }
    Object.assign(rig.services, { commands })
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    context = rig.context(ALICE)
  })

  const prefer = async (seconds: number) => {
    const value = Buffer.alloc(4)
    value.writeUInt32LE(seconds)
    const name = 'default-history-ttl'
    const sealed = await sealSetting(context.services, ALICE, name, value)
    await rig.apply([{ kind: 'upsert', table: settings, row: { userId: ALICE, name, sealed } }])
  }
  const begin = () => beginTimer(context, BOB as number as PeerId)
  const begun = () => rig.apply([{ kind: 'upsert', table: chats, row: { chatId, lastSeq: 1 } }])

  it('is set before the first message of a chat, until there is one', async () => {
    await prefer(DAY)
    await begin()
    await begin()
    const command = { type: 'SetTimer', chatId, userId: ALICE, ttlSeconds: DAY }
    expect(asked).toMatchObject([command, command])
    await begun()
    await begin()
    expect(asked).toHaveLength(2)
  })

  it('costs one look for the chat that is there, not one for each message', async () => {
    await prefer(DAY)
    await begun()
    await begin()
    const read = vi.spyOn(rig.services.tables, 'get')
    expect(begin()).toBeUndefined()
    expect(begin()).toBeUndefined()
    expect(read).not.toHaveBeenCalled()
    expect(asked).toEqual([])
  })

  it('is not asked for again by who has none', async () => {
    await begin()
    expect(begin()).toBeUndefined()
    expect(asked).toEqual([])
  })
})
