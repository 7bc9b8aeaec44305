#!/usr/bin/env -S node --max-semi-space-size=64
import './start/garbage.ts'
import { Command } from 'commander'
import { demoCommand } from './demo/command.ts'
import { loadCommand } from './load/command.ts'
import { blobsCommand } from './operate/blobs/command.ts'
import { deadLettersCommand } from './operate/dead-letters.ts'
import { inspectCommand } from './operate/inspect/command.ts'
import { keysCommand } from './operate/keys/command.ts'
import { replayCommand } from './operate/replay/command.ts'
import { topicsCommand } from './operate/topics.ts'
import { usernamesCommand } from './operate/usernames/command.ts'
import { simulateCommand } from './simulation/command.ts'
import { stackCommand } from './stack/command.ts'
import { actorsCommand, gatewayCommand, startCommand } from './start/command.ts'

const program = new Command('heliograph')
  .description('A self-hosted messaging server that Telegram clients can talk to')
  .addCommand(startCommand())
  .addCommand(gatewayCommand())
  .addCommand(actorsCommand())
  .addCommand(demoCommand())
  .addCommand(loadCommand())
  .addCommand(topicsCommand())
  .addCommand(inspectCommand())
  .addCommand(deadLettersCommand())
  .addCommand(keysCommand())
  .addCommand(blobsCommand())
  .addCommand(usernamesCommand())
  .addCommand(replayCommand())
  .addCommand(stackCommand())
  .addCommand(simulateCommand())
  .showHelpAfterError()

program.parseAsync().catch((error: Error) => {
  console.error(`heliograph: ${error.message}`)
  // What was opened before the failure would keep the process alive; the stores survive a sudden end.
  process.exit(1)
})
