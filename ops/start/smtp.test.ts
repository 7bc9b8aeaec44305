import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { smtpMailer } from './smtp.ts'

describe('smtpMailer', () => {
  let server: Server
  let heard: string[]
  let url: string
  beforeEach(async () => {
    heard = []
    server = createServer((socket) => {
      let inData = false
      socket.write('220 test ESMTP\r\n')
      createInterface(socket).on('line', (line) => {
        heard.push(line)
        if (inData && line !== '.') return
        inData = line === 'DATA'
        socket.write(line === 'DATA' ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => void server.close())

  it('hands a mail over to the server', async () => {
    await smtpMailer(`${url}?from=codes@example.org`).send('alice@example.org', 'Your code', 'It is 12345.')
    expect(heard).toContain('MAIL FROM:<codes@example.org>')
    expect(heard).toContain('RCPT TO:<alice@example.org>')
    expect(heard).toContain('Subject: Your code')
    expect(heard).toContain('It is 12345.')
  })

  it('has a sender where none is named', async () => {
    await smtpMailer(url).send('alice@example.org', 'x', 'y')
    expect(heard).toContain('MAIL FROM:<no-reply@127.0.0.1>')
  })

  it('rejects where there is no server', async () => {
    await new Promise((resolve) => server.close(resolve))
    await expect(smtpMailer(url).send('alice@example.org', 'x', 'y')).rejects.toThrow()
  })
})
