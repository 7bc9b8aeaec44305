import type { Loose } from './rules.ts'

const field =
  (name: string) =>
  (value: Loose): unknown =>
    value[name]
const isReported = (value: Loose) => value._ === 'reportResultReported'
const page = (name: string) => (value: Loose) => ({ _: name, url: value.url })

/**
 * What old layers answered to methods whose result has another type in the newest layer, by method: each rule takes the
 * newest result to the old one. Without a rule the client gets the least value of its layer's type.
 */
export const resultRules: Readonly<Record<string, (value: Loose) => unknown>> = {
  'channels.inviteToChannel': field('updates'),
  'channels.joinChannel': (value) => value.updates ?? { _: 'updatesTooLong' },
  'messages.addChatUser': field('updates'),
  'messages.createChat': field('updates'),
  'messages.getDialogFilters': field('filters'),
  'messages.getWebPagePreview': field('media'),
  'messages.importChatInvite': (value) => value.updates ?? { _: 'updatesTooLong' },
  'messages.report': isReported,
  'messages.requestAppWebView': page('appWebViewResultUrl'),
  'messages.requestSimpleWebView': page('simpleWebViewResultUrl'),
  'phone.sendGroupCallMessage': () => true,
  'stories.canSendStory': () => true,
  'stories.getPeerMaxIDs': (value) => (value as unknown as Loose[]).map((story) => story.maxId ?? 0),
  'stories.report': isReported,
}
