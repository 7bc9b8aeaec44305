import { describe, expect, it } from 'vitest'
import { InvalidScenario, parseMix, parseScenario } from './scenario.ts'

describe('a scenario', () => {
  it('has defaults for everything', () => {
    expect(parseScenario({})).toMatchObject({
      users: 40,
      processes: 1,
      mix: [{ activity: 'private', weight: 1, textBytes: 64 }],
    })
  })

  it('takes a mix as a person types it', () => {
    const mix = parseMix('private=8, typing=1,reconnect-storm=0.5,slow-reader')
    expect(parseScenario({ mix }).mix).toMatchObject([
      { activity: 'private', weight: 8 },
      { activity: 'typing', weight: 1 },
      { activity: 'reconnect-storm', share: 0.5 },
      { activity: 'slow-reader', share: 0.05 },
    ])
  })

  it.each([
    [{ mix: [{ activity: 'media', minBytes: 5, maxBytes: 4 }] }, 'mix.0.minBytes: is more than maxBytes'],
    [{ mix: [{ activity: 'dance' }] }, 'activity dance: unknown; there are private, typing'],
    [{ mix: [{ activity: 'typing' }] }, 'mix: needs the activity private'],
    [{ mix: [{ activity: 'private' }, { activity: 'private' }] }, 'mix: names an activity twice'],
    [{ users: 3, processes: 2 }, 'users: has fewer than two users per process'],
    [{ rate: -1 }, 'rate: '],
    [{ speed: 1 }, 'scenario: Unrecognized key'],
  ])('refuses %j with one clear line', (input, message) => {
    expect(() => parseScenario(input)).toThrow(InvalidScenario)
    expect(() => parseScenario(input)).toThrow(message)
  })
})
