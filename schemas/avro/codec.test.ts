import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { topicSchema } from './avro-schema.ts'
import { RecordCodec, RecordDecodeError, UnknownSchema } from './codec.ts'
import { int, optional, record, text, withDefault } from './dsl.ts'
import { EmbeddedRegistry } from './embedded-registry.ts'
import type { UserId } from './ids.ts'
import type { MessageContent, RecordHeader, SendMessage } from './index.ts'
import { MemoryRegistry } from './memory-registry.ts'
import { IncompatibleSchema } from './registry.ts'

const header: RecordHeader = {
  cause: { topic: 'chat.commands', partition: 3, offset: 2 ** 40, index: 1 },
  epoch: 4,
  reply: { gateway: 'g1', request: 77, session: Buffer.alloc(16, 9) },
  trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
}
const bareHeader: RecordHeader = { cause: null, epoch: 0, reply: null }
const sent: SendMessage = {
  type: 'SendMessage',
  chatId: 'u1-2' as SendMessage['chatId'],
  senderId: 1 as UserId,
  randomId: -(2n ** 63n),
  sealed: Buffer.from('sealed'),
  replyToSeq: null,
  silent: true,
  extra: null,
  words: null,
}

let codec: RecordCodec
beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

describe('RecordCodec', () => {
  it('gives back a record of a topic and its header', () => {
    const value = codec.encode(header, sent)
    expect(value[0]).toBe(0)
    expect(codec.decode(value)).toStrictEqual({ header, record: sent })
    expect(codec.decode(codec.encode(bareHeader, sent)).header).toStrictEqual({ ...bareHeader, trace: null })
  })

  it('spends one byte on a trace that is not there', () => {
    const { trace: _, ...untraced } = header
    const bytes = (trace: string) => codec.encode({ ...header, trace }, sent).length
    expect(codec.encode(untraced, sent)).toStrictEqual(codec.encode({ ...header, trace: null }, sent))
    expect(bytes('') - codec.encode(untraced, sent).length).toBe(1)
  })

  it('gives back nested, optional and repeated values of sealed content', () => {
    const entity = { kind: 'Bold', offset: 0, length: 2, argument: null, userId: 5 as UserId, documentId: 1n }
    const content: MessageContent = {
      type: 'MessageContent',
      text: 'hé 🦊',
      entities: [{ ...entity, collapsed: false }],
      forward: null,
      quote: { text: 'q', entities: [{ ...entity, documentId: null, collapsed: true }], offset: 3 },
      flags: ['noforwards'],
      media: Buffer.from([1]),
      groupedId: 2n ** 62n,
      action: null,
      postAuthor: null,
      viaBotId: null,
      replyElsewhere: null,
    }
    expect(codec.decodeBare(codec.encodeBare(content))).toStrictEqual(content)
  })

  it('writes records larger than its scratch buffer', () => {
    const large = { ...sent, sealed: Buffer.alloc(300_000, 7) }
    const { sealed } = codec.decode<SendMessage>(codec.encode(header, large)).record
    expect(sealed.equals(large.sealed)).toBe(true)
  })

  it('refuses every prefix of a record, and a record with bytes behind it', () => {
    const value = codec.encode(header, sent)
    for (let length = 0; length < value.length; length++) {
      expect(() => codec.decode(value.subarray(0, length))).toThrow(RecordDecodeError)
    }
    expect(() => codec.decode(Buffer.concat([value, Buffer.from([0])]))).toThrow(RecordDecodeError)
  })

  it('throws nothing but RecordDecodeError on damaged bytes', () => {
    const values = [codec.encode(header, sent), ...someBare()]
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))), (which, hits) => {
        const bytes = Buffer.from(values[which % values.length]!)
        for (const [at, byte] of hits) bytes[at % bytes.length] = byte
        for (const decode of [() => codec.decode(bytes), () => codec.decodeBare(bytes)]) {
          try {
            decode()
          } catch (error) {
            expect(error).toBeInstanceOf(RecordDecodeError)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('does not believe an array that claims more items than there are bytes', () => {
    const bytes = codec.encodeBare({
      type: 'ContactCard',
      firstName: '',
      lastName: '',
      phone: '',
      note: null,
      photo: null,
    } as never)
    const id = codec.encodeBare({ ...emptyContent, text: '' }).subarray(0, 4)
    const count = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f])
    expect(() => codec.decodeBare(Buffer.concat([id, Buffer.from([0]), count]))).toThrow(RecordDecodeError)
    expect(bytes.length).toBe(9)
  })

  it('keeps topic records and bare ones apart', () => {
    expect(() => codec.encodeBare(sent)).toThrow('needs a header')
    expect(() => codec.encode(header, emptyContent)).toThrow('not a record of a topic')
    expect(() => codec.decode(Buffer.concat([Buffer.from([0]), codec.encodeBare(emptyContent)]))).toThrow(
      'has no header',
    )
  })
})

describe('reading other versions', () => {
  const first = record('Toy', { a: int })
  const second = record('Toy', { a: int, b: withDefault(text, 'none'), c: optional(text) })

  it('reads what an older version wrote as the newest', async () => {
    const registry = new MemoryRegistry()
    const old = await RecordCodec.create(registry, { topic: [first] })
    const value = old.encode(bareHeader, { type: 'Toy', a: 5 } as never)
    const now = await RecordCodec.create(registry, { topic: [second] })
    expect(now.decode(value).record).toStrictEqual({ type: 'Toy', a: 5, b: 'none', c: null })
  })

  it('names an id that it does not know, and reads it once prepared', async () => {
    const registry = new MemoryRegistry()
    const old = await RecordCodec.create(registry, { topic: [first] })
    const newer = await RecordCodec.create(registry, { topic: [second] })
    const value = newer.encode(bareHeader, { type: 'Toy', a: 5, b: 'x', c: 'y' } as never)
    const id = value.readInt32BE(1)
    expect(() => old.decode(value)).toThrow(new UnknownSchema(id))
    expect(await old.prepare(id)).toBe(true)
    expect(old.decode(value).record).toStrictEqual({ type: 'Toy', a: 5 })
    expect(await old.prepare(99_999)).toBe(false)
  })

  it('refuses a schema that could not read what was written', async () => {
    const registry = new MemoryRegistry()
    await registry.idOf('Toy', topicSchema(first))
    const broken = topicSchema(record('Toy', { a: int, b: text }))
    await expect(registry.idOf('Toy', broken)).rejects.toThrow(IncompatibleSchema)
  })
})

const emptyContent = {
  type: 'MessageContent',
  text: '',
  entities: [],
  forward: null,
  quote: null,
  flags: [],
  media: null,
  groupedId: null,
}

function someBare(): Buffer[] {
  return [
    codec.encodeBare({ ...emptyContent, text: 'abc', flags: ['a', 'b'] } as never),
    codec.encodeBare({ type: 'Reply', request: 1, error: null, mailbox: null, userId: 2 } as never),
  ]
}
