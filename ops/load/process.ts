import type { ProcessMessage } from './processes.ts'
import { runShare, type ShareOrder } from './share.ts'

/** A load process: gets its order, says when everyone is connected, waits for the word, and reports. */
const say = (message: ProcessMessage, then: () => void = () => {}) => process.send?.(message, () => then())

process.once('message', (order: ShareOrder) => {
  runShare(order, {
    onSample: (sample) => say({ sample }),
    onReady: () => {
      say({ ready: true })
      return new Promise((resolve) => process.once('message', () => resolve()))
    },
  }).then(
    (result) => say({ result }, () => process.exit(0)),
    (error: Error) => say({ failed: error.message }, () => process.exit(1)),
  )
})
// Without the process that started it, a load has nobody to report to.
process.once('disconnect', () => process.exit(1))
