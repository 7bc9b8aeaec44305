/** A positive int32 that changes with the text; never 0, which means that a client has nothing yet. */
export function textHash(text: string): number {
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) & 0x7fffffff
  return hash === 0 ? 1 : hash
}
