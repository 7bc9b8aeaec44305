import { describeLog } from '@heliograph/topics/contract'
import { brokerLogs } from './kafka-logs.ts'

describeLog('KafkaLog over a broker', async () => {
  const logs = await brokerLogs()
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
