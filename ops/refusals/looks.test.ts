import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { kept, upload } from './files.ts'
import type { Person } from './person.ts'
import { refuses } from './refuses.ts'
import { World } from './world.ts'

const THEME = 'application/x-tgtheme-android'
const LARGEST_THEME_BYTES = 5 * 1024 * 1024
const LARGEST_WALLPAPER_BYTES = 10 * 1024 * 1024
const settings = { _: 'wallPaperSettings' } as const

describe('themes and wallpapers', () => {
  let world: World
  let alice: Person
  beforeAll(async () => {
    world = await World.start()
    alice = await world.person('Alice')
  })
  afterAll(() => world.stop())

  const text = () => upload(alice, Buffer.from('no theme and no picture'))
  const large = (bytes: number) => upload(alice, randomBytes(bytes + 1))
  const fresh = { slug: '', title: 'A theme' } as const

  refuses('account.uploadTheme', async () => ({
    THEME_MIME_INVALID: [alice, { file: await text(), fileName: 'x', mimeType: 'text/plain' }],
    THEME_FILE_INVALID: [
      alice,
      { file: await large(LARGEST_THEME_BYTES), fileName: 'x.attheme', mimeType: THEME },
    ],
  }))
  refuses('account.createTheme', async () => ({
    THEME_MIME_INVALID: [
      alice,
      { ...fresh, document: await kept(alice, Buffer.from('no theme'), 'text/plain') },
    ],
    THEME_TITLE_INVALID: [alice, { ...fresh, title: '' }],
  }))
  refuses('account.uploadWallPaper', async () => ({
    WALLPAPER_MIME_INVALID: [alice, { file: await text(), mimeType: 'text/plain', settings }],
    WALLPAPER_FILE_INVALID: [alice, { file: await text(), mimeType: 'image/png', settings }],
  }))
  refuses(
    'account.uploadWallPaper',
    async () => ({
      WALLPAPER_FILE_INVALID: [
        alice,
        { file: await large(LARGEST_WALLPAPER_BYTES), mimeType: 'application/x-tgwallpattern', settings },
      ],
    }),
    'of a large pattern',
  )
})
