import type { Tl, TlType } from '@heliograph/schemas/tl'

/** Colours of the themes that chats may have, as 0xRRGGBB: the accent by day, and that of outgoing messages. */
const COLOURS = {
  '🐥': [0xd9a000, 0xffe9b0],
  '⛄': [0x2f8fd0, 0xc9e8ff],
  '💎': [0x5f6fd8, 0xd5dcff],
  '👨‍🏫': [0x3f9a6e, 0xcdeedd],
  '🌷': [0xc9578b, 0xffd6e8],
  '💜': [0x8a5fd0, 0xe4d6ff],
  '🎄': [0x3d8f4f, 0xd0efc8],
  '🎮': [0x4c62a8, 0xd0d8f5],
} as const

let themes: readonly Tl<'theme'>[] | undefined

/** The themes that private chats may have, one for each emoji. */
export function chatThemes(): readonly Tl<'theme'>[] {
  themes ??= Object.entries(COLOURS).map(([emoticon, [accent, outgoing]], index) => ({
    _: 'theme',
    default: true,
    forChat: true,
    id: BigInt(index + 1),
    accessHash: 0n,
    slug: '',
    title: emoticon,
    emoticon,
    settings: [settings('baseThemeClassic', accent, outgoing), settings('baseThemeNight', accent, accent)],
  }))
  return themes
}

function settings(base: TlType<'BaseTheme'>['_'], accent: number, outgoing: number): Tl<'themeSettings'> {
  return {
    _: 'themeSettings',
    baseTheme: { _: base },
    accentColor: accent,
    outboxAccentColor: accent,
    messageColors: [outgoing],
  }
}
