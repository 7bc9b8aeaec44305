/**
 * A WebAssembly instance of its own over `@mtcute/wasm`'s binary, driven without the package's JavaScript wrapper: that one
 * allocates and copies for every call, and this is the hottest code of the server. Nothing here allocates inside the
 * instance after start, so its memory never grows and the views below stay valid.
 */
import { readFileSync } from 'node:fs'
import { getWasmUrl, type MtcuteWasmModule } from '@mtcute/wasm'

/** The little of the global that is used; neither the language's nor Node's type library declares it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(getWasmUrl())))
const wasm = instance.exports as MtcuteWasmModule

/** Bytes that one call may take through the scratch regions; longer inputs go in pieces. */
export const SCRATCH_BYTES = 16 * 1024 + 64

/** Addresses of the two scratch regions inside the instance: bytes are put at `INPUT` and results appear at `OUTPUT`. */
export const INPUT: number = wasm.__malloc(SCRATCH_BYTES)
export const OUTPUT: number = wasm.__malloc(SCRATCH_BYTES)
/** Where a hash appears, and where the cipher takes its 32-byte key and 32-byte initialisation vector from. */
export const DIGEST: number = wasm.__get_shared_out()
export const KEY: number = wasm.__get_shared_key_buffer()
export const IV: number = wasm.__get_shared_iv_buffer()

/** The instance's memory. Valid only until the next call into this module: copy what must last. */
export const memory: Buffer = Buffer.from(wasm.memory.buffer)

/** Encrypts `size` bytes (a multiple of 16) from `INPUT` to `OUTPUT` with the key at `KEY` and the vector at `IV`. */
export function encryptScratch(input: number, size: number, output: number): void {
  wasm.ige256_encrypt(input, size, output)
}

/** The reverse of `encryptScratch`. */
export function decryptScratch(input: number, size: number, output: number): void {
  wasm.ige256_decrypt(input, size, output)
}

/** Hashes `size` bytes at `input`; the 32 bytes are then at `DIGEST`. */
export function sha256Scratch(input: number, size: number): void {
  wasm.sha256(input, size)
}

/** Hashes `size` bytes at `input`; the 20 bytes are then at `DIGEST`. */
export function sha1Scratch(input: number, size: number): void {
  wasm.sha1(input, size)
}
