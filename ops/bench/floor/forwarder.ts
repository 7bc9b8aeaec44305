/**
 * The least that a durable messenger can do, as a process: what one connection sends is written to a file, durably, and then goes to the
 * others. Its arguments: the file, and bytes to write for each message. Says `ready` and its port; ends with its standard input.
 */
import { closeSync, constants, openSync, write, writeSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'

/** Written before it begins: later writes make no file longer. */
const FILE_BYTES = 1024 * 1024
const { O_CREAT, O_DSYNC, O_RDWR } = constants
const LOOPBACK = '127.0.0.1'

const [path = '', bytes = ''] = process.argv.slice(2)
const file = openSync(path, O_RDWR | O_CREAT | O_DSYNC, 0o600)
writeSync(file, Buffer.alloc(FILE_BYTES))
const content = Buffer.alloc(Number(bytes), 1)
const sockets = new Set<Socket>()
let at = 0

const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  socket.on('error', () => socket.destroy())
  socket.on('data', (received) => {
    at = (at + content.length) % (FILE_BYTES - content.length)
    write(file, content, 0, content.length, at, (error) => {
      if (error !== null) throw error
      for (const other of sockets) if (other !== socket) other.write(received)
    })
  })
})
server.listen(0, LOOPBACK, () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`ready ${address.port}`)
})
process.stdin.resume().on('end', () => {
  closeSync(file)
  process.exit()
})
