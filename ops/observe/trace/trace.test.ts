import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../e2e/eventually.ts'
import { acquaint, type Member, member } from '../../e2e/people.ts'
import { type ObservedServer, startObservedServer } from '../observed-server.fixture.ts'

const TEXT = 'Nobody should read this in a trace'

const exporter = new InMemorySpanExporter()
let server: ObservedServer
let alice: Member
let bob: Member
/** The spans of the trace in which the message was sent. */
let spans: readonly ReadableSpan[]

const named = (name: string) => spans.filter((span) => span.name === name)
const parentOf = (span: ReadableSpan | undefined) =>
  spans.find((each) => each.spanContext().spanId === span?.parentSpanContext?.spanId)

/** Names from a step up to the first of its trace. */
function ancestry(span: ReadableSpan | undefined): string[] {
  return span === undefined ? [] : [span.name, ...ancestry(parentOf(span))]
}

function traceOf(name: string): ReadableSpan[] | undefined {
  const finished = exporter.getFinishedSpans()
  const one = finished.find((span) => span.name === name)
  return one && finished.filter((span) => span.spanContext().traceId === one.spanContext().traceId)
}

beforeAll(async () => {
  server = await startObservedServer({ endpoint: '', ratio: 1, exporter })
  alice = await member(server.endpoints, 'Alice')
  bob = await member(server.endpoints, 'Bob')
  await acquaint(alice, bob)
  await alice.client.sendText(bob.id, TEXT)
  spans = await eventually('the whole trace', () => {
    const trace = traceOf('messages.sendMessage')
    return (
      trace?.some(({ name }) => name === 'push') === true &&
      trace.some(({ name }) => name === 'frame') &&
      trace
    )
  })
})

afterAll(async () => {
  await alice?.client.destroy()
  await bob?.client.destroy()
  await server?.close()
})

describe('the trace of a message', () => {
  it('leads from the frame to the update of the peer', () => {
    const [push] = named('push')
    expect(ancestry(push)).toEqual([
      'push',
      'count MailboxMessage',
      'decide SendMessage',
      'messages.sendMessage',
      'frame',
    ])
  })

  it('shows each append under the step that asked for it', () => {
    const parents = (name: string) => named(name).map((span) => parentOf(span)?.name)
    expect(parents('append chat.commands')).toEqual(['messages.sendMessage'])
    expect(parents('append chat.events')).toEqual(['decide SendMessage'])
    expect(parents('append mailbox.events')).toEqual(['decide SendMessage', 'decide SendMessage'])
  })

  it('has a step of the mailbox for each member', () => {
    expect(named('count MailboxMessage')).toHaveLength(2)
    expect(named('frame')).toHaveLength(1)
  })

  it('says nothing of people or content in any trace', () => {
    const said = JSON.stringify(
      exporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    )
    for (const secret of [TEXT, alice.phone.slice(1), bob.phone.slice(1), 'Alice', 'Bob'])
      expect(said).not.toContain(secret)
    expect(exporter.getFinishedSpans().every(({ attributes }) => Object.keys(attributes).length === 0)).toBe(
      true,
    )
  })
})
