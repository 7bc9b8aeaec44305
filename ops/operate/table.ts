import Table from 'cli-table3'

/** An empty table with these columns, without colours: it may go to a file. */
export function tableOf(...head: string[]) {
  return new Table({ head, style: { head: [], border: [] } })
}
