import type { Loose, Renamings, Rule, Rules } from './rules.ts'

/**
 * Layer 229 took the kinds of keyboard buttons out of the buttons: `keyboardButton` and `keyboardInlineButton` have a
 * `type`, and inline keyboards have rows of their own. Before, every kind was a constructor of `KeyboardButton`.
 */

/** Names of the old buttons and of the newest types of inline buttons. */
const INLINE: readonly (readonly [old: string, type: string])[] = [
  ['keyboardButtonBuy', 'inlineButtonTypeBuy'],
  ['keyboardButtonCallback', 'inlineButtonTypeCallback'],
  ['keyboardButtonCopy', 'inlineButtonTypeCopy'],
  ['keyboardButtonGame', 'inlineButtonTypeGame'],
  ['keyboardButtonSwitchInline', 'inlineButtonTypeSwitchInline'],
  ['keyboardButtonUrl', 'inlineButtonTypeUrl'],
  ['keyboardButtonUrlAuth', 'inlineButtonTypeUrlAuth'],
  ['keyboardButtonUserProfile', 'inlineButtonTypeUserProfile'],
  ['keyboardButtonWebView', 'inlineButtonTypeWebView'],
  ['inputKeyboardButtonUrlAuth', 'inputInlineButtonTypeUrlAuth'],
  ['inputKeyboardButtonUserProfile', 'inputInlineButtonTypeUserProfile'],
]

/** The same for the buttons of reply keyboards. */
const REPLY: readonly (readonly [old: string, type: string])[] = [
  ['keyboardButton', 'buttonTypeDefault'],
  ['keyboardButtonRequestGeoLocation', 'buttonTypeRequestGeoLocation'],
  ['keyboardButtonRequestPeer', 'buttonTypeRequestPeer'],
  ['keyboardButtonRequestPhone', 'buttonTypeRequestPhone'],
  ['keyboardButtonRequestPoll', 'buttonTypeRequestPoll'],
  ['keyboardButtonSimpleWebView', 'buttonTypeSimpleWebView'],
  ['inputKeyboardButtonRequestPeer', 'inputButtonTypeRequestPeer'],
]

const oldNames = new Map([...INLINE, ...REPLY].map(([old, type]) => [type, old]))

/** A newest button, inline or not, as an old one: the fields of its type move into the button. */
const flatten: Rule = (value, _, knows) => {
  const { _: type, ...fields } = value.type as Loose
  const { text, style } = value
  const name = oldNames.get(type)
  if (name && knows(name)) return { ...fields, _: name, text, style }
  if (name === 'inputKeyboardButtonRequestPeer')
    return { ...fields, _: 'keyboardButtonRequestPeer', text, style }
  if (value._ === 'keyboardButton') return { _: 'keyboardButton', text, style }
  // What an old inline keyboard cannot express does nothing when it is pressed.
  return { _: 'keyboardButtonCallback', text, style, data: Buffer.alloc(0) }
}

function nest(button: string, type: string): Rule {
  return ({ _, text, style, ...fields }) => {
    const optional = style === undefined ? {} : { style }
    return { _: button, text, ...optional, type: withDefaults({ ...fields, _: type }) }
  }
}

/** Layer 167 asks for one peer, without naming how many. */
function withDefaults(type: Loose): Loose {
  const asksForPeers = type._ === 'buttonTypeRequestPeer' && type.maxQuantity === undefined
  return asksForPeers ? { ...type, maxQuantity: 1 } : type
}

type Row = { readonly _: string; readonly buttons: readonly Loose[] }
const rowsOf = (markup: Loose) => markup.rows as readonly Row[]

const inlineButton = (button: Loose): Loose =>
  button._ === 'keyboardInlineButton'
    ? button
    : { _: 'keyboardInlineButton', text: button.text, type: { _: 'inlineButtonTypeDisabled' } }

const replyButton = (button: Loose): Loose =>
  button._ === 'keyboardButton'
    ? button
    : { _: 'keyboardButton', text: button.text, type: { _: 'buttonTypeDefault' } }

export const keyboardUpgrades: Rules = {
  ...Object.fromEntries(INLINE.map(([old, type]) => [old, nest('keyboardInlineButton', type)])),
  ...Object.fromEntries(REPLY.map(([old, type]) => [old, nest('keyboardButton', type)])),
  replyInlineMarkup: (value) => ({
    _: 'replyInlineMarkup',
    rows: rowsOf(value).map(({ buttons }) => ({
      _: 'keyboardInlineButtonRow',
      buttons: buttons.map(inlineButton),
    })),
  }),
  'bots.requestWebViewButton': (value) => ({ ...value, button: replyButton(value.button as Loose) }),
  // Its id is the newest one, but the buttons in it were read by old rules.
  replyKeyboardMarkup: (value) => ({
    ...value,
    rows: rowsOf(value).map(({ buttons }) => ({ _: 'keyboardButtonRow', buttons: buttons.map(replyButton) })),
  }),
}

export const keyboardDowngrades: Rules = {
  keyboardButton: flatten,
  replyInlineMarkup: (value, fitted) => ({ ...fitted, rows: value.rows }),
}

export const keyboardRenamings: Renamings = {
  keyboardInlineButton: { as: 'KeyboardButton', rule: flatten },
  keyboardInlineButtonRow: {
    as: 'KeyboardButtonRow',
    rule: (value) => ({ _: 'keyboardButtonRow', buttons: value.buttons }),
  },
}
