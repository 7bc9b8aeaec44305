import { compressionsAlgorithms, compressionsAlgorithmsByBitmask } from '@platformatic/kafka'

/** How the records of a batch are packed. `zstd` needs Node 22.15 or later. */
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

const COMPRESSION_BITS = 0b111

/** The bits of a batch's attributes that name its compression. */
export function compressionBits(compression: Compression): number {
  return compressionsAlgorithms[compression].bitmask
}

export function compress(compression: Compression, records: Buffer): Buffer {
  return compressionsAlgorithms[compression].compressSync(records)
}

/** The records of a batch with these attributes, unpacked. */
export function decompress(attributes: number, records: Buffer): Buffer {
  const bits = attributes & COMPRESSION_BITS
  if (bits === 0) return records
  const algorithm = compressionsAlgorithmsByBitmask[bits as keyof typeof compressionsAlgorithmsByBitmask]
  if (algorithm === undefined) throw new Error(`a batch is packed in an unknown way (${bits})`)
  return algorithm.decompressSync(records)
}
