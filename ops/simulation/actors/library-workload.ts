import type { Random } from '@heliograph/actors/simulation'
import type {
  CatalogCommand,
  CreateDocument,
  ShelfCommand,
  ShelfName,
  UserId,
} from '@heliograph/schemas/avro'

export type LibraryCommand = CatalogCommand | ShelfCommand | CreateDocument

const TYPES: ReadonlySet<string> = new Set<LibraryCommand['type']>([
  ...(['PublishEntry', 'ReviseEntry', 'WithdrawEntry'] as const),
  ...(['PutOnShelf', 'TakeFromShelf', 'ArrangeShelf', 'CreateDocument'] as const),
])

export const isLibraryCommand = (command: { readonly type: string }): command is LibraryCommand =>
  TYPES.has(command.type)

const PEOPLE = [1_000_000_001, 1_000_000_002] as UserId[]
/** The names of the first two are one. */
const NAMES = ['Cats', 'cats', 'Dogs']
const SHELVES: ShelfName[] = ['gifs', 'faved']
export const DOCUMENTS = [1n, 2n, 3n, 4n] as const
/** Nobody has uploaded it: who refers to it keeps nothing. */
const MISSING = 9n
const VERSIONS = 3

/** The key of a command of the media actor. */
export function libraryKey(command: LibraryCommand): string {
  if (command.type === 'CreateDocument') return `document:${command.documentId}`
  if ('shelf' in command) return `shelf:${command.userId}`
  return `catalog:${command.kind}:${command.name.toLowerCase()}`
}

/** Documents are uploaded; then people publish them in sets, revise and withdraw those, and keep lists of them. */
export function someLibraryScript(random: Random, length: number): LibraryCommand[][] {
  const next = (i: number) =>
    random.below(2) === 0 ? someShelfCommand(random) : someCatalogCommand(random, i)
  return [DOCUMENTS.map(upload), Array.from({ length }, (_, i) => next(i))]
}

function upload(documentId: bigint): CreateDocument {
  const [uploaderId] = PEOPLE
  return {
    type: 'CreateDocument',
    documentId,
    uploaderId: uploaderId!,
    contents: [],
    sealed: Buffer.from('file'),
  }
}

const someDocument = (random: Random): bigint => random.pick([...DOCUMENTS, ...DOCUMENTS, MISSING])
const someDocuments = (random: Random): bigint[] =>
  Array.from({ length: 1 + random.below(3) }, () => someDocument(random))

function someShelfCommand(random: Random): ShelfCommand {
  const on = { userId: random.pick(PEOPLE), shelf: random.pick(SHELVES) }
  const itemId = someDocument(random)
  switch (random.below(4)) {
    case 0:
      return { type: 'TakeFromShelf', ...on, itemIds: [itemId, someDocument(random)] }
    case 1:
      return { type: 'ArrangeShelf', ...on, itemIds: someDocuments(random) }
    default:
      return {
        type: 'PutOnShelf',
        ...on,
        itemId,
        documentId: itemId,
        name: null,
        archived: false,
        settings: null,
      }
  }
}

function someCatalogCommand(random: Random, i: number): CatalogCommand {
  const entry = { kind: 'stickers', name: random.pick(NAMES), ownerId: random.pick(PEOPLE) } as const
  const content = { sealed: Buffer.from(`set ${i}`), documentIds: someDocuments(random) }
  switch (random.below(4)) {
    case 0:
      return { type: 'WithdrawEntry', ...entry }
    case 1:
      return { type: 'ReviseEntry', ...entry, version: 1 + random.below(VERSIONS), ...content }
    default:
      return { type: 'PublishEntry', ...entry, entryId: BigInt(100 + i), ...content }
  }
}
