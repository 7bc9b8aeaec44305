/** An error that the schema data names for methods, and whose case does not exist on this server. */
export interface AbsentCase {
  /** A method, or all of a namespace: `channels.*`, `*`. */
  readonly methods: string
  readonly errors: readonly string[]
  /** Why, for whoever reads the table. */
  readonly reason: string
}

/** Cases by why they do not exist: for each reason the errors, by the methods. */
type Reasons = Readonly<Record<string, Readonly<Record<AbsentCase['methods'], AbsentCase['errors']>>>>

export const absentCases = (reasons: Reasons): AbsentCase[] =>
  Object.entries(reasons).flatMap(([reason, byMethods]) =>
    Object.entries(byMethods).map(([methods, errors]) => ({ methods, errors, reason })),
  )

/** Why this error cannot occur for this method; undefined where it can. */
export function reasonFor(cases: readonly AbsentCase[], method: string, error: string): string | undefined {
  return cases.find(({ methods, errors }) => errors.includes(error) && matches(methods, method))?.reason
}

function matches(pattern: string, method: string): boolean {
  return pattern === method || (pattern.endsWith('*') && method.startsWith(pattern.slice(0, -1)))
}
