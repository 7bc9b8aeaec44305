import type { Handlers } from '../handler.ts'
import { accountFeatureHandlers } from './account.ts'
import { messageFeatureHandlers } from './messages.ts'
import { otherFeatureHandlers } from './others.ts'
import { paymentHandlers } from './payments.ts'
import { stickerHandlers } from './stickers.ts'
import { storyHandlers } from './stories.ts'

/** Methods of features that the server does not have, answered as an account that never used them would see it. */
export const emptyHandlers: Handlers = {
  ...accountFeatureHandlers,
  ...messageFeatureHandlers,
  ...otherFeatureHandlers,
  ...paymentHandlers,
  ...stickerHandlers,
  ...storyHandlers,
}
