import { accessHash, type createDispatch, type Services } from '@heliograph/gateway/rpc'
import { type Call, type MethodName, NEWEST_LAYER, type Result, type Tl } from '@heliograph/schemas/tl'

export type Dispatch = ReturnType<typeof createDispatch>
export type Caller = Parameters<Dispatch>[1]
export type Arguments<M extends MethodName> = Omit<Call<M>, '_'>

/** For tests: an account with one logged-in session. It names everybody as if it had been told their access hashes. */
export class Person {
  readonly id: number
  /** Digits. */
  readonly phone: string
  readonly #world: Pick<Services, 'keyring'>
  readonly #dispatch: Dispatch
  readonly #caller: Caller

  constructor(world: Pick<Services, 'keyring'>, dispatch: Dispatch, caller: Caller, phone: string) {
    this.id = caller.userId ?? 0
    this.phone = phone
    this.#world = world
    this.#dispatch = dispatch
    this.#caller = caller
  }

  call<M extends MethodName>(method: M, args: Arguments<M>): Promise<Result<M>> {
    return this.#dispatch({ _: method, ...args } as never, this.#caller) as Promise<never>
  }

  /** The same person with a client of another layer. */
  withLayer(layer: number): Person {
    return new Person(this.#world, this.#dispatch, { ...this.#caller, layer }, this.phone)
  }

  user({ id }: { readonly id: number }): Tl<'inputUser'> {
    return { _: 'inputUser', userId: id, accessHash: accessHash(this.#world.keyring, this.id, 'user', id) }
  }

  peer(other: { readonly id: number }): Tl<'inputPeerUser'> {
    return { ...this.user(other), _: 'inputPeerUser' }
  }

  channel(id: number): Tl<'inputChannel'> {
    const hash = accessHash(this.#world.keyring, this.id, 'channel', id)
    return { _: 'inputChannel', channelId: id, accessHash: hash }
  }

  channelPeer(id: number): Tl<'inputPeerChannel'> {
    return { ...this.channel(id), _: 'inputPeerChannel' }
  }

  /** Learns the others' addresses, as from an address book, and they its. */
  async meets(...others: readonly Person[]): Promise<void> {
    for (const other of others) {
      await this.#addsNumber(other)
      await other.#addsNumber(this)
    }
  }

  async #addsNumber({ phone, id }: Person): Promise<void> {
    const name = { firstName: `Known ${id}`, lastName: '' }
    const contact = { _: 'inputPhoneContact', clientId: 1n, phone, ...name } as const
    await this.call('contacts.importContacts', { contacts: [contact] })
  }
}

/** A session on an authorization key of its own. */
export function callerOf(number: number): Caller {
  const id = number.toString(16).padStart(16, '0')
  return {
    authKeyId: id as Caller['authKeyId'],
    permanentKeyId: id as Caller['authKeyId'],
    sessionId: id as Caller['sessionId'],
    userId: undefined,
    layer: NEWEST_LAYER,
    client: undefined,
    remoteAddress: '127.0.0.1',
    msgId: 4n,
    withoutUpdates: false,
  }
}
