import { drafts } from '@heliograph/storage'
import { expect, it } from 'vitest'
import { sealDraft, textContent } from './content.ts'
import { getAllDrafts } from './drafts.ts'
import { ALICE, BOB, NOW, Rig } from './test-rig.ts'

it('names the peers of all drafts as users, and leaves out removed drafts', async () => {
  const rig = await Rig.start()
  const sealed = await sealDraft(rig.services, ALICE, textContent('half a thought'))
  const draft = { userId: ALICE, replyToMsgId: null, date: NOW }
  await rig.apply([
    { kind: 'upsert', table: drafts, row: { ...draft, peerId: BOB, sealed } },
    { kind: 'upsert', table: drafts, row: { ...draft, peerId: ALICE, sealed: null } },
  ])
  const answer = await getAllDrafts({ _: 'messages.getAllDrafts' }, rig.context(ALICE))
  expect(answer).toMatchObject({
    updates: [
      { _: 'updateDraftMessage', peer: { userId: BOB }, draft: { message: 'half a thought', date: NOW } },
    ],
    users: [{ id: BOB }],
  })
})
