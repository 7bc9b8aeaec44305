import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChatId, privateChatId, type RecordCodec, type UserId, userKey } from '@heliograph/schemas/avro'
import { chatScope, userScope } from '@heliograph/storage'
import { partitionOf, seal, type TopicName } from '@heliograph/topics'
import type { Command } from 'commander'
import { vi } from 'vitest'
import { prepareStores, startActorsRole } from '../start/compose.ts'
import { type EmbeddedStores, openEmbedded } from '../start/embedded.ts'

export const [ALICE, BOB, CAROL] = [1001, 1002, 1003] as UserId[] as [UserId, UserId, UserId]
export const CHAT = privateChatId(ALICE, BOB)
export const OTHER_CHAT = privateChatId(ALICE, CAROL)
const PARTITIONS = 2

/** A data directory of a server that does not run, with a small conversation in it, for commands to work on. */
export class Conversation {
  readonly directory = mkdtempSync(join(tmpdir(), 'heliograph-operate-'))
  #randomId = 0n

  static async create(): Promise<Conversation> {
    const conversation = new Conversation()
    await conversation.on(async (stores, codec) => {
      for (const userId of [ALICE, BOB, CAROL]) await conversation.createUser(stores, codec, userId)
    })
    await conversation.handle()
    await conversation.on(async (stores, codec) => {
      for (const text of ['good morning', 'how are you?']) await conversation.say(stores, codec, CHAT, text)
      await conversation.say(stores, codec, OTHER_CHAT, 'elsewhere')
    })
    await conversation.handle()
    return conversation
  }

  /** The stores, while no command has them. */
  async on<T>(use: (stores: EmbeddedStores, codec: RecordCodec) => Promise<T>): Promise<T> {
    const stores = await openEmbedded(this.directory, () => {})
    try {
      return await use(stores, await prepareStores(stores.ports, PARTITIONS))
    } finally {
      await stores.close()
    }
  }

  /** Actors take over, handle what there is, and end. */
  async handle(): Promise<void> {
    await this.on(async ({ ports }, codec) => {
      const onFatal = (error: unknown) => {
        throw error
      }
      const all = { ...ports, nowMs: Date.now, random: () => new Uint8Array() as Buffer }
      await (await startActorsRole(all, codec, { node: 'test', onFatal })).stop()
    })
  }

  async say({ ports }: EmbeddedStores, codec: RecordCodec, chatId: ChatId, text: string): Promise<void> {
    const { key } = await ports.keyring.obtain(chatScope(chatId))
    const content = {
      type: 'MessageContent',
      text,
      entities: [],
      forward: null,
      quote: null,
      flags: [],
      media: null,
      groupedId: null,
    }
    const sealedFor = { topic: 'chat.events', key: chatId, type: 'MessageContent' }
    await this.append(
      ports.log,
      'chat.commands',
      chatId,
      this.#encoded(codec, {
        type: 'SendMessage',
        chatId,
        senderId: ALICE,
        randomId: ++this.#randomId,
        replyToSeq: null,
        silent: false,
        sealed: seal(key, sealedFor, codec.encodeBare(content)),
      }),
    )
  }

  async createUser({ ports }: EmbeddedStores, codec: RecordCodec, userId: UserId): Promise<void> {
    const { key } = await ports.keyring.obtain(userScope(userId))
    const names = {
      type: 'Profile',
      firstName: `User ${userId}`,
      lastName: '',
      about: '',
      phone: `${userId}`,
    }
    const sealedFor = { topic: 'account.events', key: userKey(userId), type: 'Profile' }
    const profile = seal(key, sealedFor, codec.encodeBare(names))
    const command = { type: 'CreateUser', userId, phoneHmac: `${userId}`, profile }
    await this.append(ports.log, 'account.commands', userKey(userId), this.#encoded(codec, command))
  }

  async append(
    log: EmbeddedStores['ports']['log'],
    topic: TopicName,
    key: string,
    value: Buffer,
  ): Promise<void> {
    await log.append(topic, partitionOf(key, PARTITIONS), [{ key, value, timestampMs: Date.now() }])
  }

  /** Runs a command as the shell would; resolves to the lines that it printed. */
  async run(command: Command, ...args: string[]): Promise<string[]> {
    const lines: string[] = []
    const print = vi
      .spyOn(console, 'log')
      .mockImplementation((line: string) => void lines.push(...line.split('\n')))
    try {
      const stores = ['--data', this.directory, '--partitions', String(PARTITIONS), '--log-level', 'silent']
      await command.exitOverride().parseAsync(['node', command.name(), ...args, ...stores])
    } finally {
      print.mockRestore()
    }
    return lines
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  #encoded(codec: RecordCodec, record: { readonly type: string; readonly [field: string]: unknown }): Buffer {
    return codec.encode({ cause: null, epoch: 0, reply: null }, record)
  }
}
