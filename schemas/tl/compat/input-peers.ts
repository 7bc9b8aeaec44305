import type { Loose } from './rules.ts'

/** Each spelling of a user or channel by its kind, and the same under the other kinds that can say it. */
const SPELLINGS: readonly (readonly string[])[] = [
  ['inputPeerEmpty', 'inputUserEmpty', 'inputChannelEmpty'],
  ['inputPeerSelf', 'inputUserSelf'],
  ['inputPeerUser', 'inputUser'],
  ['inputPeerUserFromMessage', 'inputUserFromMessage'],
  ['inputPeerChannel', 'inputChannel'],
  ['inputPeerChannelFromMessage', 'inputChannelFromMessage'],
]

const KINDS = ['InputPeer', 'InputUser', 'InputChannel'] as const
export type InputKind = (typeof KINDS)[number]

const kindOf = (name: string): InputKind | undefined =>
  KINDS.find((kind) => name.startsWith(`i${kind.slice(1)}`))

const named = (names: readonly string[], kind: InputKind): string | undefined =>
  names.find((name) => kindOf(name) === kind)

/** By kind: the name that a constructor of another kind has there. */
const renamings: Readonly<Record<InputKind, ReadonlyMap<string, string>>> = {
  InputPeer: renamingsTo('InputPeer'),
  InputUser: renamingsTo('InputUser'),
  InputChannel: renamingsTo('InputChannel'),
}

function renamingsTo(kind: InputKind): ReadonlyMap<string, string> {
  const pairs: [string, string][] = []
  for (const names of SPELLINGS) {
    const target = named(names, kind)
    if (target === undefined) continue
    for (const name of names) if (name !== target) pairs.push([name, target])
  }
  return new Map(pairs)
}

/** The name under which `kind` says what constructor `name` says; undefined where it cannot. */
export function spelledAs(kind: InputKind, name: string): string | undefined {
  return renamings[kind].get(name)
}

/** `inputChannel…` and `inputUser…` as the `inputPeer…` that means the same. */
export function asInputPeer(value: unknown): Loose {
  const input = value as Loose
  return { ...input, _: spelledAs('InputPeer', input._) ?? input._ }
}
