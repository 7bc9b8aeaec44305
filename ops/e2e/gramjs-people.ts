import { Api, type TelegramClient } from 'telegram'
import { gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { freshPhone } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

/** Somebody who uses GramJS. */
export interface GramjsPerson {
  readonly client: TelegramClient
  readonly phone: string
  readonly me: Api.User
}

/** A server, and two who have each other's number. */
export interface GramjsCouple {
  readonly server: ServerProcess
  readonly dora: GramjsPerson
  readonly emil: GramjsPerson
}

/** Signs up with a number of its own. */
export async function gramjsPerson(server: ServerProcess, firstName: string): Promise<GramjsPerson> {
  const phone = freshPhone()
  const client = await gramjsClient(server.endpoints, 'tcp')
  await gramjsLogin(client, { phone, firstName }, async () => LOGIN_CODE)
  return { client, phone, me: (await client.getMe()) as Api.User }
}

/** Starts a server with Dora and Emil, who import each other's number. */
export async function startGramjsCouple(): Promise<GramjsCouple> {
  const server = await ServerProcess.start()
  const dora = await gramjsPerson(server, 'Dora')
  const emil = await gramjsPerson(server, 'Emil')
  await importNumber(dora, emil)
  await importNumber(emil, dora)
  return { server, dora, emil }
}

/** Ends what there is of a couple: a start may have failed half-way. */
export async function endGramjsCouple(couple: Partial<GramjsCouple> | undefined): Promise<void> {
  await couple?.dora?.client.destroy()
  await couple?.emil?.client.destroy()
  await couple?.server?.dispose()
}

async function importNumber(one: GramjsPerson, other: GramjsPerson): Promise<void> {
  const contact = { clientId: 1 as never, phone: other.phone, firstName: 'Known', lastName: '' }
  await one.client.invoke(new Api.contacts.ImportContacts({ contacts: [new Api.InputPhoneContact(contact)] }))
}
