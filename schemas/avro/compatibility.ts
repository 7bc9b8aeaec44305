import { compile } from './compile.ts'

/** Why bytes of `writer` cannot be read as `reader`; undefined when they can. */
export function incompatibility(reader: object, writer: object): string | undefined {
  try {
    compile(reader).createResolver(compile(writer))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
