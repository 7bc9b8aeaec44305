import { beforeAll, describe, expect, it } from 'vitest'
import { gatewayConfig } from '../config.ts'
import { type Rig, testRig } from '../test-rig.ts'
import { callingCodes } from './calling-codes.ts'

describe('help', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await testRig()
  })

  it('says where the server is, as clients will look for it', async () => {
    const config = await rig.call('help.getConfig', {}, rig.caller())
    expect(config).toMatchObject({ thisDc: 2, captionLengthMax: 1024, messageLengthMax: 4096 })
    expect(config.tmpSessions).toBeUndefined()
    expect(config.expires).toBeGreaterThan(config.date)
    expect(config.dcOptions[0]).toEqual({
      _: 'dcOption',
      static: true,
      thisPortOnly: true,
      id: 2,
      ipAddress: '127.0.0.1',
      port: 443,
    })
  })

  it('is whichever data centre a client takes it for, until that logs in', async () => {
    const mistaken = { ...rig.caller(), dataCentreId: 4 }
    const config = await rig.call('help.getConfig', {}, mistaken)
    expect(config.thisDc).toBe(4)
    expect(new Set(config.dcOptions.map(({ id }) => id))).toEqual(new Set([2, 4]))
    expect((await rig.call('help.getConfig', {}, { ...mistaken, userId: 5 })).thisDc).toBe(2)
  })

  it('marks an IPv6 address and announces other data centres at the same place', async () => {
    const base = gatewayConfig({ node: 'n', dataCentre: { id: 1, address: '::1', port: 443 } })
    const other = await testRig({ ...base, otherDataCentreIds: [4] })
    const { dcOptions } = await other.call('help.getConfig', {}, other.caller())
    expect(new Set(dcOptions.map(({ id }) => id))).toEqual(new Set([1, 4]))
    expect(dcOptions.every(({ ipv6 }) => ipv6)).toBe(true)
  })

  it('lets what has to be asked again expire in the future', async () => {
    const now = rig.nowMs / 1000
    const terms = await rig.call('help.getTermsOfServiceUpdate', {}, rig.caller())
    const promo = await rig.call('help.getPromoData', {}, rig.caller())
    expect(terms.expires).toBeGreaterThan(now)
    expect(promo.expires).toBeGreaterThan(now)
  })

  it('names countries in English and in the language of the client', async () => {
    const list = await rig.call('help.getCountriesList', { langCode: 'de', hash: 0 }, rig.caller())
    if (list._ !== 'help.countriesList') throw new Error('no list')
    const country = (iso2: string) => list.countries.find((entry) => entry.iso2 === iso2)
    expect(country('DE')).toMatchObject({
      defaultName: 'Germany',
      name: 'Deutschland',
      countryCodes: [{ countryCode: '49' }],
    })
    expect(country('JM')?.countryCodes).toMatchObject([{ countryCode: '1', prefixes: ['876'] }])
    const again = await rig.call('help.getCountriesList', { langCode: 'de', hash: list.hash }, rig.caller())
    expect(again).toEqual({ _: 'help.countriesListNotModified' })
    const odd = await rig.call('help.getCountriesList', { langCode: '"; --', hash: 0 }, rig.caller())
    expect(odd._).toBe('help.countriesList')
  })

  it('has every country once, with a plausible code', () => {
    expect(new Set(callingCodes.map(({ iso2 }) => iso2)).size).toBe(callingCodes.length)
    for (const { iso2, code } of callingCodes) expect(`${iso2} ${code}`).toMatch(/^[A-Z]{2} [1-9]\d{0,2}$/)
  })

  it('knows the offsets of time zones', async () => {
    const list = await rig.call('help.getTimezonesList', { hash: 0 }, rig.caller())
    if (list._ !== 'help.timezonesList') throw new Error('no list')
    const zone = (id: string) => list.timezones.find((entry) => entry.id === id)
    expect(zone('Asia/Kolkata') ?? zone('Asia/Calcutta')).toMatchObject({ utcOffset: 19_800 })
    expect(zone('America/New_York')).toMatchObject({ name: 'New York', utcOffset: -18_000 })
  })

  it('has an empty language pack that stays the same', async () => {
    const args = { langPack: 'android', langCode: 'en' }
    const pack = await rig.call('langpack.getLangPack', args, rig.caller())
    const later = await rig.call(
      'langpack.getDifference',
      { ...args, fromVersion: pack.version },
      rig.caller(),
    )
    expect(later).toMatchObject({ fromVersion: pack.version, version: pack.version, strings: [] })
    const strings = await rig.call('langpack.getStrings', { ...args, keys: ['a', 'b'] }, rig.caller())
    expect(strings).toEqual(['a', 'b'].map((key) => ({ _: 'langPackStringDeleted', key })))
    const unknown = rig.call('langpack.getLanguage', { langPack: '', langCode: 'xx' }, rig.caller())
    await expect(unknown).rejects.toThrow('LANG_CODE_NOT_SUPPORTED')
  })
})
