import { describe } from 'vitest'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const s = ownScene()

describe('accounts', () => {
  refusesEach('EMAIL_HASH_EXPIRED', 'where no address waits to be confirmed', {
    'account.cancelPasswordEmail': () => [s.alice, {}],
    'account.confirmPasswordEmail': () => [s.alice, { code: '12345' }],
    'account.resendPasswordEmail': () => [s.alice, {}],
  })
  refusesEach('USERNAME_OCCUPIED', 'that a channel has', {
    'account.updateUsername': () => [s.alice, { username: 'THE_market' }],
    'channels.updateUsername': () => [s.alice, { channel: s.alice.channel(s.town), username: 'The_Market' }],
  })
  refusesEach('USERNAME_INVALID', 'that is none', {
    'account.checkUsername': () => [s.alice, { username: '1st' }],
    'account.updateUsername': () => [s.alice, { username: '1st' }],
    'channels.updateUsername': () => [s.alice, { channel: s.alice.channel(s.town), username: '1st' }],
    'contacts.resolveUsername': () => [s.alice, { username: '1st' }],
  })
  refusesEach('USERNAME_INVALID', 'that is not its own', {
    'account.toggleUsername': () => [s.alice, { username: 'the_market', active: true }],
  })
  refusesEach('CHANNEL_PRIVATE', 'of a channel that it has left', {
    'account.reportPeer': () => [
      s.carol,
      { peer: s.carol.channelPeer(s.town), reason: { _: 'inputReportReasonSpam' }, message: '' },
    ],
    'account.updateNotifySettings': () => [
      s.carol,
      {
        peer: { _: 'inputNotifyPeer', peer: s.carol.channelPeer(s.town) },
        settings: { _: 'inputPeerNotifySettings', silent: true },
      },
    ],
  })
})

describe('languages', () => {
  const unknown = { langPack: 'tdesktop', langCode: 'no such one' } as const
  refusesEach('LANG_CODE_NOT_SUPPORTED', 'that there is not', {
    'langpack.getLangPack': () => [s.alice, unknown],
    'langpack.getLanguage': () => [s.alice, unknown],
    'langpack.getStrings': () => [s.alice, { ...unknown, keys: [] }],
  })
})
