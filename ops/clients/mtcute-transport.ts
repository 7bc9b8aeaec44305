import {
  IntermediatePacketCodec,
  type IPacketCodec,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  TcpTransport,
  type TelegramTransport,
} from '@mtcute/node'

export type MtcuteFraming = 'intermediate' | 'padded' | 'obfuscated' | 'obfuscated padded'

const CODECS: Readonly<Record<MtcuteFraming, () => IPacketCodec>> = {
  intermediate: () => new IntermediatePacketCodec(),
  padded: () => new PaddedIntermediatePacketCodec(),
  obfuscated: () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
  'obfuscated padded': () => new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec()),
}

/** mtcute's TCP with another of its codecs. */
export function tcpTransport(framing: MtcuteFraming): TelegramTransport {
  const tcp = new TcpTransport()
  return { connect: (dc) => tcp.connect(dc), packetCodec: CODECS[framing] }
}
