import { describe, expect, test } from 'vitest';
import { RepetitionSignal } from '../../../src/core/signals/repetition.ts';
import { at, type Place, said } from '../learner/moments.ts';

const TOOLS = ['files.read', 'files.write', 'mail.send'];

const columnsOf = (place: Place) => said(new RepetitionSignal(), at(TOOLS, place));

describe('the repetition signal', () => {
  test('says nothing of a session that starts', () => {
    for (const columns of columnsOf({})) expect(Object.values(columns).every((value) => value === 0)).toBe(true);
  });

  test.each([
    ['again', ['files.read'], 1],
    ['again_after_failure', ['files.read!'], 1],
    ['again_for_new_request', ['files.read@1'], 2],
  ])('tells the last tool %s', (name, history, turn) => {
    const [last, other] = columnsOf({ history, turn });
    const kinds = ['again', 'again_after_failure', 'again_for_new_request'];
    expect(kinds.map((kind) => last?.[kind])).toStrictEqual(kinds.map((kind) => Number(kind === name)));
    expect(kinds.map((kind) => other?.[kind])).toStrictEqual([0, 0, 0]);
    expect([last?.['called_for_this'], last?.['called_before']]).toStrictEqual([0, 0]);
  });

  test('tells other tools that were called for this request from those called before it', () => {
    const [read, write, send] = columnsOf({ history: ['files.read@1', 'files.write@2', 'mail.send@2'], turn: 2 });
    expect([read, write, send].map((columns) => [columns?.['called_for_this'], columns?.['called_before']])).toStrictEqual([
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  test('counts the calls of the session by their logarithm', () => {
    const [read, write] = columnsOf({ history: ['files.read', 'files.read!', 'mail.send'] });
    expect([read?.['calls'], write?.['calls']]).toStrictEqual([Math.log(3), 0]);
  });

  test('tells the tools of the server that was called last', () => {
    expect(columnsOf({ history: ['files.read'] }).map((columns) => columns['same_group'])).toStrictEqual([1, 1, 0]);
    const [plain] = said(new RepetitionSignal(), at(['plain'], { history: ['other'] }));
    expect(plain?.['same_group']).toBe(0);
  });

  test('says how often the tool was called in the session', () => {
    const moment = at(TOOLS, { history: ['files.read', 'files.read!', 'mail.send'] });
    expect([0, 1, 2].map((candidate) => new RepetitionSignal().explain(moment, candidate))).toStrictEqual([
      'called 2 times in this session',
      null,
      'called 1 time in this session',
    ]);
  });
});
