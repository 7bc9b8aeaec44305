import {
  chats,
  checkpoints,
  dialogs,
  type Mutation,
  mailboxUpdates,
  type RowRef,
  StoreUnavailable,
  sentRandomIds,
} from '@heliograph/storage'
import { type Log, LogUnavailable, OffsetMismatch } from '@heliograph/topics'
import type { Ports } from '../start/compose.ts'
import { clubDefects } from './club-defects.ts'
import { groupDefects } from './group-defects.ts'
import { onDecoded, onLog, onTables } from './planting.ts'
import { LOGIN_CODE } from './processes/roles.ts'
import type { Defect } from './world/world.ts'

/** Each breaks one rule of a process, planted to show that the audit notices. */
export const defects: Readonly<Record<string, Defect>> = {
  ...clubDefects,
  ...groupDefects,
  'answers before its work is durable': onLog((log) => ({
    barrier: async () => undefined,
    appended: async () => undefined,
    append: (...args) => log.append(...args),
  })),
  'drops the fence': onLog((log) => ({
    append: async (topic, partition, records, expected) => {
      const at = await log.append(topic, partition, records)
      return expected ?? at
    },
  })),
  'lets reactions overtake their events': onLog((log) => ({
    append: (topic, partition, records, expected) => {
      const appended = log.append(topic, partition, records, expected)
      if (topic !== 'chat.events' || records[0]?.key.startsWith('u') !== true) return appended
      appended.catch(() => undefined)
      return expected === undefined ? appended : Promise.resolve(expected)
    },
  })),
  'takes a failed append for done': onLog((log) => ({
    append: (topic, partition, records, expected) =>
      log.append(topic, partition, records, expected).catch((error: unknown) => {
        if (error instanceof LogUnavailable && expected !== undefined) return expected
        throw error
      }),
  })),
  'takes a failed write for done': onTables((tables) => ({
    apply: (mutations, writeTime) =>
      tables.apply(mutations, writeTime).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error
      }),
  })),
  'repeats an append that another has overtaken': onLog((log) => ({
    append: async (topic, partition, records, expected) => {
      try {
        return await log.append(topic, partition, records, expected)
      } catch (error) {
        if (!(error instanceof OffsetMismatch) || topic === 'account.events') throw error
        await log.append(topic, partition, records)
        return expected as NonNullable<typeof expected>
      }
    },
  })),
  'does not wait for its rows': onTables((tables) => ({
    apply: async (mutations, writeTime) => {
      const applied = tables.apply(mutations, writeTime)
      if (mutations[0]?.table === checkpoints) return applied
      applied.catch(() => undefined)
    },
  })),
  'commits before its rows are there': onTables((tables) => {
    let before: Promise<void> = Promise.resolve()
    return {
      apply: async (mutations, writeTime) => {
        if (mutations[0]?.table === checkpoints) return tables.apply(mutations, writeTime)
        const waited = before.then(() => new Promise<void>((resolve) => void setTimeout(resolve, LAZY_MS)))
        before = waited.then(() => tables.apply(mutations, writeTime)).catch(() => undefined)
      },
    }
  }),
  'lets older rows overwrite newer ones': onTables((tables) => {
    let time = 0
    return { apply: (mutations) => tables.apply(mutations, ++time) }
  }),
  'forgets its checkpoints': onTables((tables) => ({
    apply: async (mutations, writeTime) => {
      const kept = mutations.filter((mutation) => mutation.table !== checkpoints)
      if (kept.length > 0) await tables.apply(kept, writeTime)
    },
  })),
  'forgets what it has sent before': onTables((tables) => ({
    getMany: async (refs) => {
      const rows = await tables.getMany(refs)
      return rows.map((row, i) => (refs[i]?.table === sentRandomIds ? undefined : row))
    },
  })),
  'numbers a chat from the start again': onTables((tables) => ({
    getMany: async (refs) => {
      const rows = await tables.getMany(refs)
      return rows.map((row, i) => (refs[i]?.table === (chats as RowRef['table']) ? undefined : row))
    },
  })),
  'loses unread messages': onTables((tables) => ({
    apply: (mutations, writeTime) =>
      tables.apply(
        mutations.map((mutation) => (isOf(mutation, dialogs) ? withRow(mutation, { unread: 0 }) : mutation)),
        writeTime,
      ),
  })),
  'leaves an update out': onTables((tables) => ({
    apply: (mutations, writeTime) =>
      tables.apply(
        mutations.filter((mutation) => !(isOf(mutation, mailboxUpdates) && Number(mutation.row.pts) === 3)),
        writeTime,
      ),
  })),
  'delivers to somebody else': (ports) => ({
    ...ports,
    bus: {
      ...ports.bus,
      publish: (channel, payload) => {
        ports.bus.publish(channel, payload)
        const other = channel.startsWith('user:') ? lastUser.get(ports.bus) : undefined
        if (other !== undefined && other !== channel) ports.bus.publish(other, payload)
        if (channel.startsWith('user:')) lastUser.set(ports.bus, channel)
      },
    },
  }),
  'writes a code in clear': (ports) => ({
    ...ports,
    cache: {
      ...ports.cache,
      set: async (key, value, ttlSeconds) => {
        await ports.cache.set(key, value, ttlSeconds)
        if (key.startsWith('login:')) await ports.cache.set('last-code', Buffer.from(LOGIN_CODE), ttlSeconds)
      },
    },
  }),
  'forgets which letters it has counted': onDecoded(({ header, record }) =>
    record.type.startsWith('Mailbox') ? { header: { ...header, cause: null }, record } : { header, record },
  ),
  'ignores epochs': onDecoded(({ header, record }) => ({
    header,
    record: record.type === 'OwnerAnnounced' ? { ...record, epoch: 0 } : record,
  })),
  'ignores who owns a partition': onLog((log) => ({
    end: async (topic, partition) => {
      const end = await log.end(topic, partition)
      return ends.get(log)?.get(`${topic}/${partition}`) ?? end
    },
    append: async (topic, partition, records, expected) => {
      const at = await log.append(topic, partition, records, expected)
      if (expected === undefined) return at
      const own = ends.get(log) ?? new Map()
      ends.set(log, own.set(`${topic}/${partition}`, (at + records.length) as typeof at))
      return expected
    },
  })),
}

const LAZY_MS = 400
const lastUser = new WeakMap<Ports['bus'], string>()
const ends = new WeakMap<Log, Map<string, Awaited<ReturnType<Log['end']>>>>()

type Upsert = Extract<Mutation, { kind: 'upsert' }>

const isOf = (mutation: Mutation, table: RowRef['table']): mutation is Upsert =>
  mutation.kind === 'upsert' && mutation.table === table

const withRow = (mutation: Upsert, values: object): Mutation => ({
  ...mutation,
  row: { ...mutation.row, ...values },
})
