import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeContainer } from './client-messages.ts'
import * as ids from './constructors.ts'
import { Rig } from './rig.fixture.ts'

const CONSTRUCTORS = Object.values(ids)

/** Bodies that begin like a message we know and go on with anything. */
const body = fc
  .tuple(
    fc.oneof(fc.constantFrom(...CONSTRUCTORS), fc.integer({ min: 0, max: 0xffffffff })),
    fc.uint8Array({ maxLength: 64 }),
  )
  .map(([constructorId, rest]) => {
    const bytes = Buffer.alloc(4 + Math.ceil(rest.length / 4) * 4)
    bytes.writeUInt32LE(constructorId)
    bytes.set(rest, 4)
    return bytes
  })

describe('an authentic client that sends nonsense', () => {
  it('never makes the engine throw, alone or in containers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (bodies, together) => {
          const rig = new Rig()
          const { client, link } = rig.client(rig.authKeys.make({ userId: 5 }))
          const messages = bodies.map((bytes, i) => ({
            msgId: client.nextMsgId(),
            seqNo: client.nextSeqNo(i % 2 === 0),
            body: bytes,
          }))
          if (together) {
            const container = writeContainer(messages)
            client.sendMessage({ msgId: client.nextMsgId(), seqNo: client.nextSeqNo(false), body: container })
          } else for (const message of messages) client.sendMessage(message)
          await rig.settle()
          await rig.advance(2_000)
          expect(rig.bugs).toEqual([])
          expect(link.isClosed).toBe(link.transportError === -404)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('and packets of any bytes only close the link or get -404', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, known) => {
        const rig = new Rig()
        const key = rig.authKeys.make({ userId: 5 })
        const packet = known ? Buffer.concat([Buffer.from(key.id, 'hex'), bytes]) : Buffer.from(bytes)
        const link = rig.link()
        link.receiver.packet(packet, true)
        await rig.settle()
        expect(rig.bugs).toEqual([])
        expect(link.isClosed).toBe(true)
        expect(link.sent.length).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})
