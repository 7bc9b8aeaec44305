import { RpcError, type Tl } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'

/** `inputMediaPhotoExternal`: a picture by its address. */
export async function externalPhoto(_context: CallContext, _url: string): Promise<Tl<'photo'>> {
  throw new RpcError(400, 'WEBPAGE_CURL_FAILED')
}

/** `inputMediaDocumentExternal`: a file by its address. */
export async function externalDocument(_context: CallContext, _url: string): Promise<Tl<'document'>> {
  throw new RpcError(400, 'WEBPAGE_CURL_FAILED')
}
