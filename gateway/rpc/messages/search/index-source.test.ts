import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { messages } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { wordsFor } from '../../search-index/index.ts'
import { openMailbox } from '../mailbox/open.ts'
import { ALICE, BOB, Rig } from '../test-rig.ts'
import { queryOf } from './query.ts'
import { search } from './search.ts'
import { sourceFor } from './sources.ts'

const everything = { _: 'inputMessagesFilterEmpty' } as const
const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n, minDate: 0, maxDate: 0 }
const chatId = chatIdOf(ALICE, BOB as number as PeerId)

describe('the search index', () => {
  let rig: Rig
  let seq: number
  beforeEach(async () => {
    rig = await Rig.start()
    seq = 0
  })

  const write = async (text: string, facts: object = {}) => {
    await rig.write(ALICE, BOB, text)
    seq += 1
    const row = await rig.services.tables.get(messages, { chatId, seq })
    const words = wordsFor(rig.services.keyring, chatId, text)
    await rig.apply([{ kind: 'upsert', table: messages, row: { ...row, words, ...facts } }])
  }
  const old = async (text: string) => {
    await rig.write(ALICE, BOB, text)
    seq += 1
  }
  const peer = async () => {
    const { accessHash } = (await rig.services.directory.views(ALICE, [BOB]))[0]!.relation
    return { _: 'inputPeerUser', userId: BOB, accessHash } as const
  }
  const found = async (q: string, filter: object = everything) => {
    const call = { _: 'messages.search', peer: await peer(), q, ...page, filter: filter as never } as const
    const answer = await search(call, rig.context(ALICE))
    return 'messages' in answer
      ? answer.messages.map((message) => 'message' in message && message.message)
      : []
  }
  const looked = async (q: string) => {
    const context = rig.context(ALICE)
    const mailbox = await openMailbox(context, BOB as number as PeerId)
    const source = sourceFor(context.services, mailbox, queryOf(context, { q, filter: everything }), 1, seq)
    const seen: number[] = []
    for (let batch = await source(2); batch !== undefined; batch = await source(2)) {
      seen.push(...batch.entries.map((entry) => entry.seq))
    }
    return seen
  }

  it('leads to the messages that may have the words, and to all from before there was one', async () => {
    await old('an old lighthouse')
    await old('an old house')
    await write('the lighthouse keeper')
    await write('nothing of the kind')
    await write('a lighthouse again')
    expect(await looked('lighthouse')).toEqual([5, 3, 2, 1])
    expect(await found('lighthouse')).toEqual([
      'a lighthouse again',
      'the lighthouse keeper',
      'an old lighthouse',
    ])
  })

  it('leaves to the text what is left open by fingerprints', async () => {
    await write('lighten up')
    await write('lighthouse')
    expect(await looked('lightho')).toEqual([2])
    expect(await looked('light')).toEqual([2, 1])
    expect(await found('lightho')).toEqual(['lighthouse'])
    expect(await found('l')).toEqual(['lighthouse', 'lighten up'])
  })

  it('opens a message whose words are not known', async () => {
    await write('the lighthouse', { words: null })
    await write('something else', { words: null })
    expect(await looked('lighthouse')).toEqual([2, 1])
    expect(await found('lighthouse')).toEqual(['the lighthouse'])
  })

  it('knows kinds without opening anything', async () => {
    await write('first', { kinds: ['photo'] })
    await write('second', { kinds: ['voice', 'url'] })
    await write('third', { kinds: ['photo', 'url'] })
    expect(await found('', { _: 'inputMessagesFilterPhotos' })).toEqual(['third', 'first'])
    expect(await found('', { _: 'inputMessagesFilterRoundVoice' })).toEqual(['second'])
    expect(await found('', { _: 'inputMessagesFilterGeo' })).toEqual([])
  })

  it('finds ideographs anywhere, side by side', async () => {
    await write('我在北京吃饭')
    await write('京北')
    expect(await found('北京')).toEqual(['我在北京吃饭'])
    expect(await found('吃')).toEqual(['我在北京吃饭'])
  })
})
