import { randomUUID } from 'node:crypto'
import { KafkaLog, type KafkaSettings } from '@heliograph/topics/kafka'
import { readStack } from '../stack/endpoints.ts'

/** Logs of one test: all see the same topics, which nobody else does. */
export interface BrokerLogs {
  /** `host:port`. */
  readonly broker: string
  connect(settings?: Partial<KafkaSettings>): Promise<KafkaLog>
  /** Closes them and deletes what they have written. */
  dispose(): Promise<void>
}

/** Logs on the broker of the stack that `HELIOGRAPH_STACK` names. */
export async function brokerLogs(shared: Partial<KafkaSettings> = {}): Promise<BrokerLogs> {
  const { kafka: brokers } = await readStack(process.env.HELIOGRAPH_STACK ?? '.stack/run/stack.json')
  const prefix = `test-${randomUUID()}.`
  const logs: KafkaLog[] = []
  const connect = async (settings: Partial<KafkaSettings> = {}) => {
    const log = await KafkaLog.connect({ brokers, prefix, ...shared, ...settings })
    logs.push(log)
    return log
  }
  return {
    broker: brokers[0]!,
    connect,
    dispose: async () => {
      await Promise.all(logs.map((log) => log.close()))
      const last = await KafkaLog.connect({ brokers, prefix })
      await last.removeTopics()
      await last.close()
    },
  }
}
