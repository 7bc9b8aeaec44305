import {
  createDispatch,
  createServices,
  gatewayConfig,
  handlers,
  type Services,
} from '@heliograph/gateway/rpc'
import type { UserId } from '@heliograph/schemas/avro'
import { type Call, type MethodName, NEWEST_LAYER, type Result } from '@heliograph/schemas/tl'
import { memoryPorts } from '../observe/observed-server.fixture.ts'
import { prepareStores, startActorsRole } from '../start/compose.ts'

const NODE = 'refusals'
const CODE = '12345'
const FIRST_PHONE = 99_966_000_000
const AUTH_KEY_BYTES = 256
const SILENT = { info() {}, warn() {}, error() {} }

type Dispatch = ReturnType<typeof createDispatch>
type Caller = Parameters<Dispatch>[1]
export type Arguments<M extends MethodName> = Omit<Call<M>, '_'>

/** Somebody who is logged in. */
export interface Person {
  readonly id: UserId
  /** Digits. */
  readonly phone: string
  readonly caller: Caller
  readonly system: RefusingSystem
  call<M extends MethodName>(method: M, args: Arguments<M>): Promise<Result<M>>
  /** The same person with a client of another layer. */
  withLayer(layer: number): Person
}

/** Gateway and actors on memory, called as sessions call them: above the transport, with everything that is below. */
export interface RefusingSystem {
  readonly services: Services
  /** Moves the clock on. */
  pass(seconds: number): void
  signUp(firstName: string): Promise<Person>
  /** Lets the actors forget what they have read of the rows. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startSystem(): Promise<RefusingSystem> {
  let aheadMs = 0
  const ports = { ...memoryPorts(), nowMs: () => Date.now() + aheadMs }
  const codec = await prepareStores(ports, 1)
  const onFatal = (error: unknown) => {
    throw error
  }
  const startActors = async () => {
    const started = await startActorsRole(ports, codec, { node: NODE, onFatal })
    await started.ready()
    return started
  }
  let actors = await startActors()
  const dataCentre = { id: 2, address: '127.0.0.1', port: 443 }
  const services = await createServices({
    ...ports,
    topics: ports.log,
    codec,
    config: gatewayConfig({ node: NODE, dataCentre, fixedCode: CODE }),
    loginCodes: { show() {} },
    log: SILENT,
  })
  const dispatch = createDispatch(services, handlers)
  let people = 0
  const system: RefusingSystem = {
    services,
    pass: (seconds) => {
      aheadMs += seconds * 1000
    },
    signUp: (firstName) => {
      people += 1
      return signUp(system, dispatch, people, firstName)
    },
    restart: async () => {
      await actors.stop()
      actors = await startActors()
    },
    stop: async () => {
      services.close()
      await actors.stop()
    },
  }
  return system
}

async function signUp(system: RefusingSystem, dispatch: Dispatch, number: number, firstName: string) {
  const { services } = system
  const caller = callerOf(number)
  const key = services.random(AUTH_KEY_BYTES)
  await services.authKeys.create({ id: caller.authKeyId, key, firstSalt: 1n, createdAt: 1 })
  const phoneNumber = String(FIRST_PHONE + number)
  const settings = { _: 'codeSettings' } as const
  const sent = await dispatch({ _: 'auth.sendCode', phoneNumber, apiId: 1, apiHash: 'x', settings }, caller)
  const code = { phoneNumber, phoneCodeHash: (sent as { readonly phoneCodeHash: string }).phoneCodeHash }
  await dispatch({ _: 'auth.signIn', ...code, phoneCode: CODE }, caller)
  const answer = await dispatch({ _: 'auth.signUp', ...code, firstName, lastName: '' }, caller)
  const { id } = (answer as { readonly user: { readonly id: UserId } }).user
  caller.userId = id
  return personOf({ id, phone: phoneNumber, system }, dispatch, caller)
}

function personOf(
  about: Pick<Person, 'id' | 'phone' | 'system'>,
  dispatch: Dispatch,
  caller: Caller,
): Person {
  return {
    ...about,
    caller,
    call: (method, args) => dispatch({ _: method, ...args } as never, caller) as Promise<never>,
    withLayer: (layer) => personOf(about, dispatch, { ...caller, layer }),
  }
}

/** A session on an authorization key of its own. */
function callerOf(number: number): Caller & { userId: number | undefined } {
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
