import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const schema = z.object({
  kafka: z.array(z.string()).min(1),
  cassandra: z.array(z.string()).min(1),
  redis: z.array(z.string()).min(1),
  seaweedfs: z.string(),
  registry: z.string(),
})

/**
 * Where the real servers are: brokers and Cassandra nodes as `host:port`, Redis nodes as `redis://host:port`, SeaweedFS's filer
 * and the schema registry (Confluent's API) as URLs.
 */
export type StackEndpoints = z.infer<typeof schema>

/** Reads what `npm run stack` wrote. Throws with one line where it is not there or not whole. */
export async function readStack(path: string): Promise<StackEndpoints> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    throw new Error(`no stack at ${path}: start one with \`npm run stack\``)
  }
  const parsed = schema.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`${path} does not name all servers: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
