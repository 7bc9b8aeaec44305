/**
 * Keeps calls of one kind in their order although some have to look something up first: each acts only after the ones
 * before it have acted. A call that has nothing to wait for acts at once.
 */
export class CallOrder {
  readonly #last = new Map<string, Promise<unknown>>()

  /**
   * Prepares at once and acts in turn. `act` begins in the turn in which it may, so what it does first is in order; its
   * result is not waited for by the next.
   */
  run<P, R>(key: string, prepare: () => P | Promise<P>, act: (prepared: P) => Promise<R>): Promise<R> {
    const before = this.#last.get(key)
    const prepared = prepare()
    if (before === undefined && !(prepared instanceof Promise)) return act(prepared)
    return this.#inTurn(key, before, prepared, act)
  }

  #inTurn<P, R>(
    key: string,
    before: Promise<unknown> | undefined,
    prepared: P | Promise<P>,
    act: (prepared: P) => Promise<R>,
  ): Promise<R> {
    let result: Promise<R> | undefined
    const turn = Promise.all([prepared, before]).then(([ready]) => {
      if (this.#last.get(key) === settled) this.#last.delete(key)
      result = act(ready)
    })
    const settled: Promise<unknown> = turn.catch(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    })
    this.#last.set(key, settled)
    return turn.then(() => result!)
  }
}
