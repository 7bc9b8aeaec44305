/** How many entries a call gets: what it asks for, up to `max`; clients ask for 0 where they mean as many as there are. */
export function pageLimit(asked: number, max: number): number {
  return asked > 0 ? Math.min(asked, max) : max
}
