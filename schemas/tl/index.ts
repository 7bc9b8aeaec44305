/** An API call of the newest layer, replaced by the generated union. */
export interface AnyCall {
  readonly _: string
}
