import type { Mailer } from '@heliograph/gateway/rpc'
import { createTransport } from 'nodemailer'

const TIMEOUT_MS = 20_000

/**
 * Mails over the server that `url` names: `smtp[s]://user:password@host:port`. `?from=` is the sender's address, otherwise the
 * user is, or nobody's at the server's host.
 */
export function smtpMailer(url: string): Mailer {
  const { from, server } = partsOf(url)
  const transport = createTransport({
    url: server,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (to, subject, text) => {
      await transport.sendMail({ from, to, subject, text })
    },
  }
}

function partsOf(url: string): { readonly from: string; readonly server: string } {
  const server = new URL(url)
  const given = server.searchParams.get('from')
  server.searchParams.delete('from')
  const user = decodeURIComponent(server.username)
  const from = given ?? (user.includes('@') ? user : `no-reply@${server.hostname}`)
  return { from, server: server.href }
}
