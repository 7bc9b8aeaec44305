import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { followCodes, OPERATOR_SOCKET, OperatorSocket } from './operator-socket.ts'

let directory: string
let socket: OperatorSocket

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heliograph-socket-'))
  socket = new OperatorSocket()
  await socket.listen(directory)
})
afterEach(async () => {
  socket.close()
  await rm(directory, { recursive: true })
})

it('is for the owner of the data only', async () => {
  expect((await stat(join(directory, OPERATOR_SOCKET))).mode & 0o777).toBe(0o600)
})

it('tells followers each code, by number', async () => {
  const follower = await followCodes(directory)
  const asked = follower.codeFor('+999 661')
  socket.tell({ phone: '999662', code: '22222' })
  socket.tell({ phone: '999661', code: '11111' })
  expect(await asked).toBe('11111')
  expect(await follower.codeFor('999662')).toBe('22222')
  follower.close()
})

it('says so where no server runs', async () => {
  await expect(followCodes(join(directory, 'nowhere'))).rejects.toThrow(/ENOENT/)
})
