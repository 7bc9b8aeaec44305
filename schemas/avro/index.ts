export * from './codec.ts'
export * from './dsl.ts'
export * from './embedded-registry.ts'
export * from './ids.ts'
export * from './memory-registry.ts'
export * from './records/account.ts'
export * from './records/amend.ts'
export * from './records/bus.ts'
export * from './records/chat.ts'
export * from './records/file.ts'
export * from './records/group.ts'
export type {
  ChatFlag,
  ChatInfo,
  ChatMember,
  GroupKind,
  MemberChange,
  MemberStatus,
} from './records/group-info.ts'
export * from './records/header.ts'
export * from './records/invite.ts'
export * from './records/mailbox.ts'
export * from './records/media.ts'
export { CONTACT_SIGN_UP_KIND, type MessageExtra, NO_EXTRA, type PollFacts } from './records/message-extra.ts'
export * from './records/poll.ts'
export * from './records/reaction.ts'
export * from './records/runtime.ts'
export * from './records/schedule.ts'
export * from './records/sealed.ts'
export * from './records/stickers.ts'
export * from './records/thread.ts'
export { MAX_RECENT_REPLIERS, type ThreadState } from './records/thread-state.ts'
export * from './records/username.ts'
export * from './registry.ts'
export * from './rights.ts'
