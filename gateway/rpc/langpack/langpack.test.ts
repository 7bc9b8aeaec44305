import { beforeAll, describe, expect, it } from 'vitest'
import { type Rig, testRig } from '../test-rig.ts'

describe('langpack', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await testRig()
  })
  const refused = (call: Promise<unknown>) => expect(call).rejects.toThrow('400 LANG_PACK_INVALID')
  const langPack = 'unheard-of'
  const langCode = 'en'

  it('getLangPack: LANG_PACK_INVALID', () =>
    refused(rig.call('langpack.getLangPack', { langPack, langCode }, rig.caller())))

  it('getDifference: LANG_PACK_INVALID', () =>
    refused(rig.call('langpack.getDifference', { langPack, langCode, fromVersion: 1 }, rig.caller())))

  it('getStrings: LANG_PACK_INVALID', () =>
    refused(rig.call('langpack.getStrings', { langPack, langCode, keys: ['a'] }, rig.caller())))

  it('getLanguages: LANG_PACK_INVALID', () =>
    refused(rig.call('langpack.getLanguages', { langPack }, rig.caller())))

  it('getLanguage: LANG_PACK_INVALID', () =>
    refused(rig.call('langpack.getLanguage', { langPack, langCode }, rig.caller())))

  it.each([
    ['langpack.getLangPack', 'LANG_CODE_NOT_SUPPORTED'],
    ['langpack.getLanguage', 'LANG_CODE_NOT_SUPPORTED'],
    ['langpack.getStrings', 'LANG_CODE_NOT_SUPPORTED'],
  ] as const)('%s: %s', async (method, error) => {
    const of = { langPack: 'android', langCode: 'xx', keys: [] }
    await expect(rig.call(method, of, rig.caller())).rejects.toThrow(`400 ${error}`)
  })

  it('answers who asks for the pack of its own kind of client', async () => {
    for (const known of ['', 'tdesktop', 'android'])
      expect(await rig.call('langpack.getLanguages', { langPack: known }, rig.caller())).toHaveLength(1)
  })
})
