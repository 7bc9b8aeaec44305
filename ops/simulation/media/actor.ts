import { mediaDecider } from '@heliograph/actors'
import type { Reply } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { RowKey, TableDeclaration, Tables } from '@heliograph/storage'

type Command = Parameters<typeof mediaDecider.needs>[0]

/**
 * The media actor, on one partition and without a crash of its own: that its events are neither lost nor repeated is shown
 * elsewhere. What it tells itself it carries out at once.
 */
export class OneActor {
  readonly #tables: Tables
  readonly #now: () => number
  #offset = 0

  constructor(tables: Tables, now: () => number) {
    this.#tables = tables
    this.#now = now
  }

  async ask(command: Command): Promise<Reply> {
    const refs = mediaDecider.needs(command)
    const found = await this.#tables.getMany(refs)
    const idOf = (table: TableDeclaration, key: RowKey) =>
      [table.name, ...[...table.partitionKey, ...table.clusteringKey].map((column) => key[column])].join('|')
    const rows = new Map(refs.map(({ table, key }, index) => [idOf(table, key), found[index]]))
    const view = { get: (table: TableDeclaration, key: RowKey) => rows.get(idOf(table, key)) as never }
    const at = { date: this.#now(), partition: 0, partitions: 1, offset: ++this.#offset }
    const decision = mediaDecider.decide(view, command, at)
    if ('rejected' in decision) throw new RpcError(decision.rejected.code, decision.rejected.message)
    const to = { gateway: 'g', request: 1, session: Buffer.alloc(0) }
    let reply = { type: 'Reply', request: 1 } as unknown as Reply
    for (const event of decision.events) {
      await this.#tables.apply(mediaDecider.project(event), ++this.#offset)
      for (const reaction of mediaDecider.react(event, { cause: null, epoch: 1, reply: to }, at)) {
        if (reaction.kind === 'answer') reply = reaction.record as Reply
        else if (reaction.kind === 'record') await this.ask(reaction.record as Command)
      }
    }
    return reply
  }
}
