import { editChat } from '../chats/profile.ts'
import { reachChannel, requireBroadcast, requireRight } from '../chats/reach.ts'
import { sealChatProfile } from '../directory/chat-facts.ts'
import type { Handler } from '../handler.ts'

/** `channels.setMainProfileTab`: what the page of a channel begins with. @throws RpcError 400 CHANNEL_INVALID, CHAT_ADMIN_REQUIRED */
export const setMainProfileTab: Handler<'channels.setMainProfileTab'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireBroadcast(reached, 'CHANNEL_INVALID')
  requireRight(reached, 'changeInfo')
  const { chatId, facts } = reached
  const mainTab = call.tab._
  if (facts.profile.mainTab === mainTab) return true
  const profile = await sealChatProfile(context.services, chatId, { ...facts.profile, mainTab })
  await editChat(context, reached, 'main-tab', { profile }, undefined)
  return true
}
