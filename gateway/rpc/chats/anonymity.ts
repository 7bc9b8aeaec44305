import { ADMIN_RIGHTS, hasRight } from '@heliograph/schemas/avro'
import type { MemberFacts } from '../directory/chat-facts.ts'

/** An administrator who acts in the name of the group: only other administrators learn who it is. */
export function isAnonymous(member: MemberFacts | undefined): boolean {
  const isAdmin = member?.status === 'admin' || member?.status === 'creator'
  return isAdmin && hasRight(member.rights, ADMIN_RIGHTS.anonymous)
}
