import { Listr, type ListrTask } from 'listr2'
import type { RunAll } from './stack.ts'
import { type ServerName, VERSIONS } from './versions.ts'

/** A display of servers that start or stop side by side: live on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly report: (server: ServerName, text: string) => void
  readonly runAll: RunAll
}

export function newProgress(): Progress {
  const lines = new Map<ServerName, { output: string }>()
  return {
    report: (server, text) => {
      const line = lines.get(server)
      if (line !== undefined) line.output = process.stdout.isTTY ? text : `${server}: ${text}`
    },
    runAll: async (work) => {
      const tasks = Object.entries(work).map(
        ([name, run]): ListrTask => ({
          title: `${name} ${VERSIONS[name as ServerName]}`,
          rendererOptions: { persistentOutput: true },
          task: (_context, line) => {
            lines.set(name as ServerName, line)
            return run()
          },
        }),
      )
      const list = new Listr(tasks, {
        concurrent: true,
        exitOnError: false,
        collectErrors: 'minimal',
        fallbackRenderer: 'simple',
      })
      await list.run()
      const [failure] = list.errors
      if (failure !== undefined) throw failure
    },
  }
}
