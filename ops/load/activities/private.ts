import { zipfPicker } from '../pace/weighted.ts'
import type { Chat } from '../traffic/stage.ts'
import type { Prepare } from './activity.ts'

/** A message in one of the chats, from one of its members to the other. */
export const privateMessages: Prepare<'private'> = ({ chats, random }, { zipf }) => {
  const pick = zipfPicker(chats.length, zipf, random)
  return {
    kind: 'weighted',
    occur(intendedMs) {
      const { streams } = chats[pick()] as Chat
      streams[random() < 0.5 ? 0 : 1].send(intendedMs)
    },
  }
}
