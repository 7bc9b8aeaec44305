import { describe, expect, it } from 'vitest'
import { InvalidOption } from './fields.ts'
import { parseStartOptions } from './options.ts'

describe('start options', () => {
  it('have defaults', () => {
    const options = parseStartOptions({}, {})
    expect(options.tcp).toEqual({ host: '127.0.0.1', port: 2443 })
    expect(options.dcId).toBe(2)
    expect(options.loginCode).toBeUndefined()
  })

  it('take flags before the environment', () => {
    const options = parseStartOptions(
      { tcp: '[::1]:0' },
      { HELIOGRAPH_TCP: '0.0.0.0:1', HELIOGRAPH_HTTP: 'localhost:7' },
    )
    expect(options.tcp).toEqual({ host: '::1', port: 0 })
    expect(options.http).toEqual({ host: 'localhost', port: 7 })
  })

  it('tell clients another address than the one that is listened on', () => {
    expect(parseStartOptions({ advertise: 'chat.example.org' }, {}).advertise).toBe('chat.example.org')
  })

  it('take lists separated by commas', () => {
    const options = parseStartOptions({ origins: 'https://a.example, https://b.example,' }, {})
    expect(options.origins).toEqual(['https://a.example', 'https://b.example'])
    expect(options.trustedProxies).toEqual([])
    const proxied = parseStartOptions({ trustedProxies: '127.0.0.1' }, {})
    expect(proxied.trustedProxies).toEqual(['127.0.0.1'])
  })

  it.each([
    [{ tcp: 'nowhere' }, /--tcp: expected HOST:PORT/],
    [{ http: '127.0.0.1:70000' }, /--http: a port is at most 65535/],
    [{ loginCode: 'abc' }, /--login-code: a log-in code has/],
    [{ partitions: '0' }, /--partitions/],
  ])('refuse %j in one line', (flags, message) => {
    const parse = () => parseStartOptions(flags, {})
    expect(parse).toThrow(InvalidOption)
    expect(parse).toThrow(message)
  })
})
