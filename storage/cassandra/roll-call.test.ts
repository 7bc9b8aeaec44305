import { describe, expect, it } from 'vitest'
import { absentees, MAX_SILENCE_MS, type Writer } from './roll-call.ts'

const BEFORE = 7
const NOW = 8
const LOST_AT = 1_000_000
const self: Writer = { id: 'self', nodeStart: BEFORE, shownMs: LOST_AT }

describe('after a node was lost a process waits', () => {
  it('for those that lived and have not written again', () => {
    const late: Writer = { id: 'late', nodeStart: BEFORE, shownMs: LOST_AT - MAX_SILENCE_MS }
    expect(absentees([self, late], NOW, 'self')).toEqual(['late'])
  })

  it('not for itself, nor for those that have', () => {
    const done: Writer = { id: 'done', nodeStart: NOW, shownMs: LOST_AT + 60_000 }
    expect(absentees([self, done], NOW, 'self')).toEqual([])
  })

  it('not for those that had ended before, unless it cannot know', () => {
    const ended: Writer = { id: 'ended', nodeStart: BEFORE, shownMs: LOST_AT - MAX_SILENCE_MS - 1 }
    expect(absentees([self, ended], NOW, 'self')).toEqual([])
    expect(absentees([ended], NOW, 'self')).toEqual(['ended'])
  })

  it('for nobody where only its connection broke', () => {
    const other: Writer = { ...self, id: 'other' }
    expect(absentees([self, other], BEFORE, 'self')).toEqual([])
  })
})
