import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

/** A server with two members on it, for the tests of one `describe`. */
export interface Couple {
  readonly server: ServerProcess
  readonly alice: Member
  readonly bob: Member
}

/** Starts a server and signs both up; `acquainted` makes each a contact of the other. */
export async function startCouple({ acquainted }: { readonly acquainted: boolean }): Promise<Couple> {
  const server = await ServerProcess.start()
  try {
    const alice = await member(server.endpoints, 'Alice')
    const bob = await member(server.endpoints, 'Bob')
    if (acquainted) await acquaint(alice, bob)
    return { server, alice, bob }
  } catch (error) {
    await server.dispose()
    throw error
  }
}

/** Nothing to end where the start has failed. */
export async function endCouple(couple: Partial<Couple>): Promise<void> {
  await couple.alice?.client.destroy()
  await couple.bob?.client.destroy()
  await couple.server?.dispose()
}
