/** A step of a trace that is under way. */
export interface Span {
  /** Names this step to what follows from it: the W3C `traceparent` that a record's header carries. */
  readonly context: string
  /** Ends the step now; `code` is that of the error it ended with. */
  end(code?: number): void
}

/**
 * Who writes down what becomes of a call, across processes. Names are of the software (methods, topics, record types),
 * never of people or content. Absent unless an operator asks for traces.
 */
export interface Tracer {
  /** Begins a trace, or decides not to: only some calls are traced. */
  begin(name: string): Span | undefined
  /** A step that follows from the one that `context` names. */
  follow(context: string, name: string): Span
}
