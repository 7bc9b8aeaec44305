import { debianProgram } from '../stack/install/debian.ts'
import { findProgram, run } from '../stack/install/run.ts'
import { LOOPBACK } from '../stack/ports.ts'

/** Of the range for tests of networks (RFC 2544), so that no route of the machine is hidden. */
const RANGE = '198.18'
const NETWORKS_PER_BLOCK = 64
/** Routing rules of a cut, in front of the table of local addresses, which makes room for them. */
const CUT_IN = '50'
const CUT_OUT = '51'
const LOCAL = '100'
/** A routing table whose only device leads nowhere: what goes there vanishes without a word. */
const NOWHERE = '99'
const NOBODY = '02:00:00:00:00:77'

/**
 * The network of one role: a namespace with a cable to this machine, in which the loopback address means this machine's, so that
 * servers on loopback are reached over the cable. What it exchanges with one port can be made to vanish.
 */
export class RoleNetwork {
  readonly name: string
  /** Where this machine reaches the role. */
  readonly address: string
  readonly #cable: string
  readonly #cuts = new Set<string>()

  private constructor(name: string, address: string) {
    this.name = name
    this.address = address
    this.#cable = `v-${name}`
  }

  /** `block` (0 to 255) and `number` (0 to 63) choose the addresses, and must be of nobody else. Needs root and iproute2. */
  static async make(block: number, number: number): Promise<RoleNetwork> {
    if (number >= NETWORKS_PER_BLOCK) throw new Error(`more than ${NETWORKS_PER_BLOCK} networks`)
    if (process.getuid?.() !== 0) throw new Error('networks that can be cut need root')
    if ((await findProgram('ip')) === undefined) await debianProgram('ip', 'iproute2', () => {})
    const [here, there] = [1, 2].map((host) => `${RANGE}.${block}.${4 * number + host}`) as [string, string]
    const network = new RoleNetwork(`hgf${block}-${number}`, there)
    await network.#lay(here)
    return network
  }

  /** The command that runs another one inside; it becomes that other one, so that their process is the same. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name]
  }

  /** From now on nothing passes between the role and this machine's port, nor is anything refused. */
  async cut(port: number): Promise<void> {
    await this.#rule('add', CUT_IN, ['iif', 'eth0', 'ipproto', 'tcp', 'sport', `${port}`, 'blackhole'])
    await this.#rule('add', CUT_OUT, ['ipproto', 'tcp', 'dport', `${port}`, 'lookup', NOWHERE])
  }

  /** The same for those who connect to the role's own port. */
  async cutOwn(port: number): Promise<void> {
    await this.#rule('add', CUT_IN, ['iif', 'eth0', 'ipproto', 'tcp', 'dport', `${port}`, 'blackhole'])
    await this.#rule('add', CUT_OUT, ['ipproto', 'tcp', 'sport', `${port}`, 'lookup', NOWHERE])
  }

  /** Nothing passes at all: the cable is out. */
  async unplug(): Promise<void> {
    await run('ip', ['link', 'set', this.#cable, 'down'])
  }

  /** Everything passes again. */
  async heal(): Promise<void> {
    await run('ip', ['link', 'set', this.#cable, 'up'])
    for (const rule of this.#cuts) await run('ip', ['-n', this.name, 'rule', 'del', ...rule.split(' ')])
    this.#cuts.clear()
  }

  async remove(): Promise<void> {
    await run('ip', ['netns', 'del', this.name])
  }

  async #lay(here: string): Promise<void> {
    const { name, address } = this
    const cable = this.#cable
    await run('sh', [
      '-ec',
      `ip netns add ${name}
      ip link add ${cable} type veth peer name eth0 netns ${name}
      ip addr add ${here}/30 dev ${cable}
      ip link set ${cable} up
      echo 1 > /proc/sys/net/ipv4/conf/${cable}/route_localnet`,
    ])
    await run('ip', [
      ...['netns', 'exec', name, 'sh', '-ec'],
      `ip link set lo up
      ip addr add ${address}/30 dev eth0
      ip link set eth0 up
      echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet
      ip addr del ${LOOPBACK}/8 dev lo
      ip route add ${LOOPBACK}/32 via ${here} dev eth0 src ${address}
      ip rule add pref ${LOCAL} lookup local
      ip rule del pref 0
      ip link add nowhere type veth peer name nobody
      ip link set nowhere up
      ip link set nobody up
      for to in ${LOOPBACK} ${here}; do
        ip neigh add $to lladdr ${NOBODY} dev nowhere nud permanent
        ip route add $to/32 dev nowhere src ${address} table ${NOWHERE}
      done`,
    ])
  }

  async #rule(change: 'add', preference: string, rule: readonly string[]): Promise<void> {
    const whole = ['pref', preference, ...rule]
    await run('ip', ['-n', this.name, 'rule', change, ...whole])
    this.#cuts.add(whole.join(' '))
  }
}
