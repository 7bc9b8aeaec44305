import type { RecordCodec } from '@heliograph/schemas/avro'
import type { AnyRow, RowRef, Tables } from '@heliograph/storage'
import type { Log } from '@heliograph/topics'
import type { Defect } from './world/world.ts'

/** Ways to plant a defect between a process and its stores. */

/** A log of the simulation has its methods on its class, so they are handed on one by one. */
export function onLog(change: (log: Log) => Partial<Log>): Defect {
  return (ports) => ({ ...ports, log: { ...handedOn(ports.log), ...change(ports.log) } })
}

function handedOn(log: Log): Log {
  return {
    createTopics: (definitions) => log.createTopics(definitions),
    partitions: (topic) => log.partitions(topic),
    append: (...args) => log.append(...args),
    end: (...args) => log.end(...args),
    start: (...args) => log.start(...args),
    open: (...args) => log.open(...args),
    join: (...args) => log.join(...args),
    committed: (...args) => log.committed(...args),
    barrier: () => log.barrier(),
    appended: () => log.appended(),
    close: () => log.close(),
  }
}

export function onTables(change: (tables: Tables) => Partial<Tables>): Defect {
  return (ports) => ({ ...ports, tables: { ...ports.tables, ...change(ports.tables) } })
}

/** Whoever reads rows of a table gets them as `seen` has them. */
export function reading(
  tables: Tables,
  of: RowRef['table'],
  seen: (row: AnyRow) => AnyRow,
): Pick<Tables, 'get' | 'getMany' | 'range'> {
  const as = (table: unknown, row: AnyRow | undefined) =>
    row === undefined || table !== of ? row : seen(row)
  return {
    get: async (table, key) => as(table, await tables.get(table, key)) as never,
    getMany: async (refs) => (await tables.getMany(refs)).map((row, i) => as(refs[i]!.table, row)),
    range: async (table, partition, options) =>
      (await tables.range(table, partition, options)).map((row) => as(table, row as AnyRow)) as never,
  }
}

type Decoded = ReturnType<RecordCodec['decode']>

export function onDecoded(change: (decoded: Decoded) => Decoded): Defect {
  return (parts) => ({ ...parts, codec: decodingBy(parts.codec, change) })
}

/** A codec keeps its state to itself, so its methods are run on itself. */
function decodingBy(codec: RecordCodec, change: (decoded: Decoded) => Decoded): RecordCodec {
  return new Proxy(codec, {
    get: (_, name: keyof RecordCodec) => {
      if (name === 'decode') return (value: Buffer) => change(codec.decode(value))
      const member = codec[name]
      return typeof member === 'function' ? member.bind(codec) : member
    },
  })
}
