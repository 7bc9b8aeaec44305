import type { RecordSchema } from './dsl.ts'
import * as account from './records/account.ts'
import * as amend from './records/amend.ts'
import * as bus from './records/bus.ts'
import * as chat from './records/chat.ts'
import * as file from './records/file.ts'
import * as group from './records/group.ts'
import * as invite from './records/invite.ts'
import * as mailbox from './records/mailbox.ts'
import * as media from './records/media.ts'
import * as poll from './records/poll.ts'
import * as reaction from './records/reaction.ts'
import * as runtime from './records/runtime.ts'
import * as schedule from './records/schedule.ts'
import * as sealed from './records/sealed.ts'
import * as stickers from './records/stickers.ts'
import * as thread from './records/thread.ts'
import * as username from './records/username.ts'

/** Records of topics (with a header), by name. */
export const topicRecords: readonly RecordSchema[] = schemasOf(
  account,
  amend,
  chat,
  group,
  invite,
  mailbox,
  media,
  poll,
  reaction,
  runtime,
  schedule,
  stickers,
  thread,
  username,
)
/** Bus messages and sealed contents (without). */
export const bareRecords: readonly RecordSchema[] = schemasOf(bus, file, sealed)

function schemasOf(...modules: object[]): RecordSchema[] {
  return modules.flatMap((module) => Object.values(module)).filter(isSchema)
}

function isSchema(value: unknown): value is RecordSchema {
  return typeof value === 'object' && value !== null && 'name' in value && 'fields' in value
}
