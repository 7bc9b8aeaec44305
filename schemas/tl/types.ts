import type {
  AnyCall,
  ApiCalls,
  ApiConstructors,
  ApiResults,
  ApiTypes,
  MtCalls,
  MtConstructors,
} from './generated/types.js'

// Values are `{_: name, …}` with fields in camel case. `int` and safe `long` fields are numbers, other longs bigints,
// `bytes`, `int128` and `int256` byte arrays (Buffers when read), vectors arrays. Flags are computed: optional fields
// that are absent or undefined are off, and read values lack them. `flags.N?true` fields are true or absent.

/** A method call of the newest layer, the wrappers (`invokeWithLayer`, …) included. */
export type { AnyCall }
export type ConstructorName = keyof ApiConstructors
export type TypeName = keyof ApiTypes
export type MethodName = keyof ApiCalls
/** One constructor of the newest layer: `Tl<'message'>`. */
export type Tl<N extends ConstructorName> = ApiConstructors[N]
/** Any constructor of a type: `TlType<'messages.Dialogs'>`. */
export type TlType<N extends TypeName> = ApiTypes[N]
/** A call of one method. */
export type Call<N extends MethodName> = ApiCalls[N]
/** What a method answers. */
export type Result<N extends MethodName> = ApiResults[N]
export type AnyObject = ApiConstructors[ConstructorName]

export type MtName = keyof MtConstructors | keyof MtCalls
/** One of MTProto's own messages, an answer or a request: `Mt<'pong'>`, `Mt<'ping'>`. */
export type Mt<N extends MtName> = (MtConstructors & MtCalls)[N]
export type MtObject = Mt<MtName>
