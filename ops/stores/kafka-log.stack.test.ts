import { describeLog } from '@heliograph/topics/contract'
import type { KafkaSettings } from '@heliograph/topics/kafka'
import { brokerLogs } from './kafka-logs.ts'

function onBroker(adapter: NonNullable<KafkaSettings['adapter']>): void {
  describeLog(`KafkaLog over ${adapter}`, async () => {
    const logs = await brokerLogs({ adapter })
    const log = await logs.connect()
    return {
      log,
      assignsLater: true,
      reopen: async () => {
        await log.close()
        return logs.connect()
      },
      dispose: () => logs.dispose(),
    }
  })
}

onBroker('platformatic')
onBroker('kafkajs')
