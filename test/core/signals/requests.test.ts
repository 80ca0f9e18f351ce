import { describe, expect, test } from 'vitest';
import { RequestsSignal } from '../../../src/core/signals/requests.ts';
import { at, called, column, reloaded, said, toolNamed } from '../learner/moments.ts';

const TOOLS = ['mail', 'file', 'bank'];
const PARCEL = { query: 'where is my parcel' };

function taught(...calls: readonly (readonly [query: string, tool: string, success: boolean])[]): RequestsSignal {
  const signal = new RequestsSignal();
  for (const [query, tool, success] of calls) signal.learn(called(at(TOOLS, { query }), tool, { success }));
  return signal;
}

describe('the requests signal', () => {
  test('says 0 of every candidate before anything is known', () => {
    for (const columns of said(new RequestsSignal(), at(TOOLS, PARCEL))) {
      expect(columns['log_probability']).toBeCloseTo(0, 12);
      expect(columns['match']).toBe(0);
    }
  });

  test('matches the request with names and descriptions', () => {
    const signal = new RequestsSignal();
    for (const [name, text] of [
      ['mail', 'sends letters'],
      ['file', 'reads files'],
      ['bank', 'moves money'],
    ] as const)
      signal.register(toolNamed(name, text));
    const [mail = 0, file = 0, bank = 0] = column(signal, at(TOOLS, { query: 'move the money' }), 'match');
    expect(bank).toBeGreaterThan(Math.max(mail, file));
    expect(column(signal, at(TOOLS, { query: 'move the money' }), 'log_probability')[2]).toBeGreaterThan(0);
  });

  test('heeds a description that came after the same request was read', () => {
    const signal = new RequestsSignal();
    const moment = at(TOOLS, { query: 'move the money' });
    said(signal, moment);
    signal.register(toolNamed('bank', 'moves money'));
    expect(column(signal, moment, 'match')[2]).toBeGreaterThan(0);
  });

  test('learns from successes and from failures which tool a request wants', () => {
    const [worked, failed] = [taught(['where is my parcel', 'file', true]), taught(['where is my parcel', 'file', false])];
    expect(column(worked, at(TOOLS, PARCEL), 'log_probability')[1]).toBeGreaterThan(0);
    expect(column(failed, at(TOOLS, PARCEL), 'log_probability')[1]).toBeLessThan(0);
  });

  test('reads the same for candidates in another order', () => {
    const signal = taught(['where is my parcel', 'file', true], ['send money', 'bank', false]);
    const [some, others] = [TOOLS, [...TOOLS].reverse()].map((tools) => column(signal, at(tools, PARCEL), 'log_probability'));
    for (const [row, value] of (some ?? []).entries()) expect(others?.[2 - row]).toBeCloseTo(value, 12);
  });

  test('offers to explore with its own scores, the successes so far and what failures have ruled out', () => {
    const signal = taught(['where is my parcel', 'file', false], ['where is my parcel', 'mail', true]);
    const { logits, successes, not_ruled_out } = signal.explore(at(TOOLS, PARCEL));
    expect(successes).toStrictEqual([1, 0, 0]);
    expect([not_ruled_out[0], not_ruled_out[2]]).toStrictEqual([0, 0]);
    expect(not_ruled_out[1]).toBeLessThan(-0.5);
    expect(logits[0]).toBeGreaterThan(Math.max(logits[1] ?? 0, logits[2] ?? 0));
  });

  test('is the same after save and load', () => {
    const first = taught(['where is my parcel', 'file', true], ['send money', 'bank', false]);
    const second = reloaded(first, new RequestsSignal());
    for (const signal of [first, second]) signal.learn(called(at(TOOLS, PARCEL), 'mail', { success: false }));
    expect(said(second, at(TOOLS, PARCEL))).toStrictEqual(said(first, at(TOOLS, PARCEL)));
    expect(second.explore(at(TOOLS, PARCEL))).toStrictEqual(first.explore(at(TOOLS, PARCEL)));
  });
});
