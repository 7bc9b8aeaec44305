import { Family, type Sample } from './family.ts'

/** A number that only grows. */
export class Count {
  value = 0

  add(by = 1): void {
    this.value += by
  }
}

export class Counter extends Family<Count> {
  readonly type = 'counter'

  protected create(): Count {
    return new Count()
  }

  protected samples(labels: Record<string, string>, { value }: Count): Sample[] {
    return [{ labels, value }]
  }
}

/** A number that goes up and down with what happens. */
export class Level extends Family<Count> {
  readonly type = 'gauge'

  protected create(): Count {
    return new Count()
  }

  protected samples(labels: Record<string, string>, { value }: Count): Sample[] {
    return [{ labels, value }]
  }
}
