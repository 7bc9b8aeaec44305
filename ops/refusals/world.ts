import { randomBytes } from '@heliograph/gateway/mtproto'
import {
  createDispatch,
  createServices,
  gatewayConfig,
  handlers,
  type Services,
} from '@heliograph/gateway/rpc'
import { memoryPorts } from '../observe/observed-server.fixture.ts'
import { prepareStores, type RunningActors, startActorsRole } from '../start/compose.ts'
import { callerOf, type Dispatch, Person } from './person.ts'

const NODE = 'refusals'
const LOGIN_CODE = '12345'
const AUTH_KEY_BYTES = 256
const FIRST_PHONE = 99_966_000_000
const SILENT = { info() {}, warn() {}, error() {} }

/** For tests: gateway and actors on memory, called as sessions call them: above the transport, with everything that is below. */
export class World {
  /** Milliseconds that its clock is ahead of the machine's. */
  aheadMs = 0
  /** Whether its bytes of luck are always the same ones. */
  isLuckless = false
  #people = 0
  readonly #ports = {
    ...memoryPorts(() => this.#nowMs()),
    random: (sizeBytes: number) => (this.isLuckless ? Buffer.alloc(sizeBytes, 7) : randomBytes(sizeBytes)),
  }
  #running: { readonly services: Services; readonly dispatch: Dispatch; actors: RunningActors } | undefined

  static async start(): Promise<World> {
    const world = new World()
    const actors = await world.#startActors()
    const dataCentre = { id: 2, address: '127.0.0.1', port: 443 }
    const services = await createServices({
      ...world.#ports,
      topics: world.#ports.log,
      codec: await prepareStores(world.#ports, 1),
      config: gatewayConfig({ node: NODE, dataCentre, fixedCode: LOGIN_CODE }),
      loginCodes: { show() {} },
      log: SILENT,
    })
    world.#running = { services, dispatch: createDispatch(services, handlers), actors }
    return world
  }

  get services(): Services {
    return this.#started.services
  }

  /** Signs a new account up. */
  async person(firstName: string): Promise<Person> {
    const { services, dispatch } = this.#started
    const number = ++this.#people
    const caller = callerOf(number)
    const key = services.random(AUTH_KEY_BYTES)
    await services.authKeys.create({ id: caller.authKeyId, key, firstSalt: 1n, createdAt: 1 })
    const phoneNumber = String(FIRST_PHONE + number)
    const settings = { _: 'codeSettings' } as const
    const asked = { _: 'auth.sendCode', phoneNumber, apiId: 1, apiHash: 'x', settings } as const
    const { phoneCodeHash } = (await dispatch(asked, caller)) as { readonly phoneCodeHash: string }
    const shown = { phoneNumber, phoneCodeHash }
    await dispatch({ _: 'auth.signIn', ...shown, phoneCode: LOGIN_CODE }, caller)
    const answer = await dispatch({ _: 'auth.signUp', ...shown, firstName, lastName: '' }, caller)
    const { id } = (answer as { readonly user: { readonly id: number } }).user
    return new Person(services, dispatch, { ...caller, userId: id }, phoneNumber)
  }

  /** Lets the actors forget what they have read of the rows. */
  async restartActors(): Promise<void> {
    const running = this.#started
    await running.actors.stop()
    running.actors = await this.#startActors()
  }

  async stop(): Promise<void> {
    const { services, actors } = this.#started
    services.close()
    await actors.stop()
  }

  get #started() {
    if (this.#running === undefined) throw new Error('the world has not started')
    return this.#running
  }

  #nowMs(): number {
    return Date.now() + this.aheadMs
  }

  async #startActors(): Promise<RunningActors> {
    const onFatal = (error: unknown) => {
      throw error
    }
    const codec = await prepareStores(this.#ports, 1)
    const actors = await startActorsRole(this.#ports, codec, { node: NODE, onFatal })
    await actors.ready()
    return actors
  }
}
