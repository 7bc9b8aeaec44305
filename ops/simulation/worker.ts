import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { perform, type Task } from './search.ts'

/** Does the tasks that the parent process sends, one after the other, and sends back what it found. */
const codec = await RecordCodec.create(new EmbeddedRegistry())
// What nobody waits for may fail with its store, as in production; a run judges what comes of it.
process.on('unhandledRejection', (error) => process.send?.({ stray: String(error) }))
process.on('message', (task: Task) => {
  void perform(task, codec).then((found) => process.send?.({ found }))
})
process.on('disconnect', () => process.exit(0))
process.send?.({ ready: true })
