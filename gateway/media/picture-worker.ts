import sharp from 'sharp'
import { type PictureOrder, type PictureSent, workAt } from './picture-work.ts'

/** The process in which pictures are decoded; `PictureProcess` starts it under its limits and ends it. */

// Pieces are worked at beside each other in several processes; what was decoded once is hardly asked for again.
sharp.concurrency(1)
sharp.cache(false)
// Whatever a file says that it is, no other decoder ever looks at it.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif'].map((format) => `VipsForeignLoad${format}`),
})

const send = (sent: PictureSent): unknown => process.send?.(sent)

process.on('message', (order: PictureOrder) => void workAt(order).then(send))
// Nobody waits for what is under way any more, and a decoder that runs would keep an orderly end waiting.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
send({ ready: true })
