import type { AccountUpdate, BusRecord, PeerId, RecordCodec, UserId } from '@heliograph/schemas/avro'
import { type Bus, userChannel } from '@heliograph/storage'

/** How long other gateways have to say that a user is still connected to them. */
export const ANSWER_MS = 2_000

/** Kinds of `AccountUpdate` by which gateways find out who still holds a user; `name` is the node that speaks. */
const DEPARTED = 'departed'
const HELD = 'held'

interface Ports {
  readonly bus: Bus
  readonly codec: RecordCodec
  readonly config: { readonly node: string }
}

/**
 * Asks the other gateways on the user's channel whether one of them has a connection of the user. Nothing is kept
 * anywhere, so a gateway that was killed holds nobody. A lost answer is a no.
 */
export async function heldElsewhere(ports: Ports, userId: UserId): Promise<boolean> {
  let answer: (held: boolean) => void = () => undefined
  const answered = new Promise<boolean>((resolve) => {
    answer = resolve
  })
  const subscription = await ports.bus.subscribe(userChannel(userId), (payload) => {
    const record = ports.codec.decodeBare<BusRecord>(payload)
    if (record.type === 'AccountUpdate' && record.kind === HELD && record.name !== ports.config.node)
      answer(true)
  })
  const timer = setTimeout(() => answer(false), ANSWER_MS).unref()
  say(ports, userId, DEPARTED)
  try {
    return await answered
  } finally {
    clearTimeout(timer)
    subscription.close()
  }
}

/** For a gateway that has a connection of the user: answers such a question. True where the update was of this kind. */
export function answeredDeparture(ports: Ports, { userId, kind, name }: AccountUpdate): boolean {
  if (kind === DEPARTED && name !== ports.config.node) say(ports, userId, HELD)
  return kind === DEPARTED || kind === HELD
}

function say({ bus, codec, config }: Ports, userId: UserId, kind: string): void {
  const update = { userId, kind, peerId: userId as number as PeerId, name: config.node, origin: NO_ORIGIN }
  bus.publish(userChannel(userId), codec.encodeBare({ type: 'AccountUpdate', ...update }))
}

const NO_ORIGIN = Buffer.alloc(0)
