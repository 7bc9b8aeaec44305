import { html, type Message, type TelegramClient } from '@mtcute/node'
import { mtcuteClient, mtcuteLogin } from '../clients/mtcute.ts'
import type { Endpoints } from '../start/endpoints.ts'
import { SideBySide } from './view.ts'

/** How the demo gets the log-in codes of the server that it talks to. */
export type CodeSource = (phone: string) => Promise<string>

const DELIVERY_TIMEOUT_MS = 10_000

interface Actor {
  readonly client: TelegramClient
  readonly name: string
  readonly phone: string
  id: number
}

/** Two unmodified mtcute clients sign up and talk; what each of them sees is written side by side. */
export async function runDemo(
  endpoints: Endpoints,
  codeFor: CodeSource,
  write: (line: string) => void,
): Promise<void> {
  const view = new SideBySide(['Alice sees', 'Bob sees'], write)
  const suffix = String(Date.now() % 1_000_000).padStart(6, '0')
  const alice = await signUp(endpoints, 'Alice', `+999661${suffix}`, codeFor)
  view.show({ who: 0, text: `✓ signed up as Alice, user ${alice.id}` })
  const bob = await signUp(endpoints, 'Bob', `+999662${suffix}`, codeFor)
  view.show({ who: 1, text: `✓ signed up as Bob, user ${bob.id}` })
  try {
    await converse(alice, bob, view)
  } finally {
    await Promise.all([alice.client.destroy(), bob.client.destroy()])
  }
}

async function signUp(
  endpoints: Endpoints,
  name: string,
  phone: string,
  codeFor: CodeSource,
): Promise<Actor> {
  const client = await mtcuteClient(endpoints)
  await client.connect()
  await mtcuteLogin(client, { phone, firstName: name }, codeFor)
  await client.startUpdatesLoop()
  return { client, name, phone, id: (await client.getMe()).id }
}

async function converse(alice: Actor, bob: Actor, view: SideBySide): Promise<void> {
  listen(alice, 0, view)
  listen(bob, 1, view)
  await alice.client.importContacts([{ phone: bob.phone, firstName: 'Bob', lastName: '' }])
  view.show({ who: 0, text: 'added Bob by his number' })
  await bob.client.importContacts([{ phone: alice.phone, firstName: 'Alice', lastName: '' }])
  view.show({ who: 1, text: 'added Alice by her number' })

  await step(bob.client.onUserTyping, () => alice.client.sendTyping(bob.id, 'typing'))
  const hello = html`Hello Bob! This is <b>plain MTProto</b>, from an <i>unmodified</i> client.`
  const [sent, received] = await delivered(bob, () => alice.client.sendText(bob.id, hello))
  view.show({ who: 0, text: `→ ${sent.text}` })
  await step(alice.client.onHistoryRead, () => bob.client.readHistory(alice.id))
  const [reply] = await delivered(alice, () => bob.client.replyText(received, 'I see you, Alice. 🔆'))
  view.show({ who: 1, text: `→ ${reply.text}` })
  await step(bob.client.onEditMessage, () =>
    alice.client.editMessage({ chatId: bob.id, message: sent.id, text: 'Hello Bob! (edited)' }),
  )
  await alice.client.sendText('me', 'Bob can read me.')
  const saved = await alice.client.getHistory('me', { limit: 1 })
  view.show({ who: 0, text: `Saved Messages: ${saved[0]?.text}` })
  const history = await bob.client.getHistory(alice.id)
  view.show({ who: 1, text: `history: ${history.length} messages, newest first:` })
  for (const message of history)
    view.show({ who: 1, text: `  ${message.isOutgoing ? '→' : '←'} ${message.text}` })
}

function listen(actor: Actor, who: 0 | 1, view: SideBySide): void {
  const { client } = actor
  client.onNewMessage.add((message) => {
    if (!message.isOutgoing) view.show({ who, text: `← ${message.sender.displayName}: ${message.text}` })
  })
  client.onEditMessage.add((message) => {
    if (!message.isOutgoing) view.show({ who, text: `✎ ${message.sender.displayName}: ${message.text}` })
  })
  client.onUserTyping.add(() => view.show({ who, text: '… is typing' }))
  client.onHistoryRead.add((update) => {
    if (update.isOutbox) view.show({ who, text: '✓✓ read' })
  })
}

interface Emitter<T> {
  add(handler: (value: T) => void): void
  remove(handler: (value: T) => void): void
}

/** Does something and waits until its effect has been seen. */
async function step<T>(effect: Emitter<T>, action: () => Promise<unknown>): Promise<T> {
  let handler: (value: T) => void = () => {}
  let timer: NodeJS.Timeout | undefined
  const seen = new Promise<T>((resolve, reject) => {
    handler = resolve
    timer = setTimeout(() => reject(new Error('what was sent never arrived')), DELIVERY_TIMEOUT_MS)
  })
  effect.add(handler)
  try {
    await action()
    return await seen
  } finally {
    clearTimeout(timer)
    effect.remove(handler)
  }
}

async function delivered(to: Actor, send: () => Promise<Message>): Promise<[Message, Message]> {
  let sent: Message | undefined
  const received = await step(to.client.onNewMessage, async () => {
    sent = await send()
  })
  return [sent as Message, received]
}
