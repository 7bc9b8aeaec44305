import type { TelegramClient } from '@mtcute/node'
import { mtcuteClient, mtcuteLogin } from '../clients/mtcute.ts'
import type { Endpoints } from '../start/endpoints.ts'
import { LOGIN_CODE } from './server.ts'

let nextNumber = 0

/** A telephone number that no other test of this process has. */
export function freshPhone(): string {
  nextNumber += 1
  return `+99966${String(process.pid % 1000).padStart(3, '0')}${String(nextNumber).padStart(4, '0')}`
}

/** An mtcute client that is connected and logged in, with its updates recorded in order. */
export interface Member {
  readonly client: TelegramClient
  readonly phone: string
  readonly id: number
  /** Raw updates in the order in which the client gave them out. */
  readonly updates: { _: string }[]
}

export async function member(endpoints: Endpoints, firstName: string, phone = freshPhone()): Promise<Member> {
  return memberOn(await mtcuteClient(endpoints), firstName, phone)
}

/** As `member`, for a client that was made already. */
export async function memberOn(
  client: TelegramClient,
  firstName: string,
  phone = freshPhone(),
): Promise<Member> {
  const updates: { _: string }[] = []
  client.onRawUpdate.add((info) => {
    updates.push(info.update)
  })
  const ready = inStep(client)
  await client.connect()
  await mtcuteLogin(client, { phone, firstName }, async () => LOGIN_CODE)
  await client.startUpdatesLoop()
  await ready
  const me = await client.getMe()
  return { client, phone, id: me.id, updates }
}

/** Makes two members know each other's address, as importing each other's number does. */
export async function acquaint(one: Member, other: Member): Promise<void> {
  await one.client.importContacts([{ phone: other.phone, firstName: 'Known', lastName: '' }])
  await other.client.importContacts([{ phone: one.phone, firstName: 'Known', lastName: '' }])
}

/** Resolves once the client knows where it stands: what comes before that is not given out as an update. */
function inStep(client: TelegramClient): Promise<void> {
  return new Promise((resolve) => {
    let updating = false
    client.onConnectionState.add((state) => {
      if (updating && state === 'connected') resolve()
      updating ||= state === 'updating'
    })
  })
}
