/** Ways in which a run shows that the server did wrong. */
export const FINDING_KINDS = [
  'lost',
  'doubled',
  'damaged',
  'out of order',
  'pts gap',
  'foreign',
  'refused',
] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

/** Of each kind so many are described; all are counted. */
const MAX_EXAMPLES = 10

export interface Found {
  readonly counts: Readonly<Record<FindingKind, number>>
  readonly examples: readonly string[]
}

/** Collects what was wrong. */
export class Findings {
  readonly counts: Record<FindingKind, number> = noFindings()
  readonly examples: string[] = []

  /** `text` says what, of whom and where. */
  add(kind: FindingKind, text: string): void {
    this.counts[kind]++
    if (this.counts[kind] <= MAX_EXAMPLES) this.examples.push(`${kind}: ${text}`)
  }

  get total(): number {
    return totalOf(this.counts)
  }
}

export function totalOf(counts: Found['counts']): number {
  return FINDING_KINDS.reduce((sum, kind) => sum + counts[kind], 0)
}

export function noFindings(): Record<FindingKind, number> {
  return { lost: 0, doubled: 0, damaged: 0, 'out of order': 0, 'pts gap': 0, foreign: 0, refused: 0 }
}

export function mergedFindings(parts: readonly Found[]): Found {
  const counts = noFindings()
  for (const part of parts) for (const kind of FINDING_KINDS) counts[kind] += part.counts[kind]
  return { counts, examples: parts.flatMap(({ examples }) => examples) }
}
