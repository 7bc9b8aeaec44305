import { type AddMembers, channelChatId, MAX_ADDED_PER_COMMAND, type UserId } from '@heliograph/schemas/avro'
import { partitionOf } from '@heliograph/topics'
import { prepareStores } from '../start/compose.ts'
import { openEmbedded } from '../start/embedded.ts'
import { EMBEDDED_PARTITIONS } from '../start/stores.ts'

/** Ids of members that nobody has signed up as: far above those that are handed out. */
const FIRST_ID = 2 ** 39

/** What a load process has founded, for members to be added. */
export interface Founded {
  readonly creatorId: number
  readonly channelId: number
}

/**
 * Gives a channel members that never connect, by the same commands that an administrator's invitations give. For a data
 * directory that no server has open: the next one carries them out.
 */
export async function fillChannel(directory: string, founded: Founded, count: number): Promise<void> {
  const { ports, close } = await openEmbedded(directory, (error) => {
    throw error
  })
  try {
    const codec = await prepareStores(ports, EMBEDDED_PARTITIONS)
    const chatId = channelChatId(founded.channelId)
    const partition = partitionOf(chatId, ports.log.partitions('chat.commands'))
    const header = { cause: null, epoch: 0, reply: null, trace: null }
    const records = []
    for (let at = 0; at < count; at += MAX_ADDED_PER_COMMAND) {
      const size = Math.min(MAX_ADDED_PER_COMMAND, count - at)
      const command: AddMembers = {
        type: 'AddMembers',
        chatId,
        byUserId: founded.creatorId as UserId,
        userIds: Array.from({ length: size }, (_, i) => (FIRST_ID + at + i) as UserId),
        forwardLimit: 0,
        service: null,
        serviceRandomId: 0n,
        log: null,
      }
      records.push({ key: chatId, value: codec.encode(header, command), timestampMs: Date.now() })
    }
    await ports.log.append('chat.commands', partition, records)
    await ports.log.barrier()
  } finally {
    await close()
  }
}
