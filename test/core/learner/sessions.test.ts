import { describe, expect, test } from 'vitest';
import { Catalogue } from '../../../src/core/learner/catalogue.ts';
import { QueryCache } from '../../../src/core/learner/query.ts';
import { addStep, agrees, type Session, Sessions } from '../../../src/core/learner/sessions.ts';
import { toolNamed } from './moments.ts';

const opened = () => new Sessions(new QueryCache(16));

function walked(session: Session, ...names: readonly string[]): Session {
  for (const name of names) addStep(session, { tool: toolNamed(name), success: true, turn: session.turn, request: 0, taught: true });
  return session;
}

describe('a session', () => {
  test('begins a new turn where another request comes, and only there', () => {
    const sessions = opened();
    const turns = ['one', 'one', null, 'two', 'one', null].map((query) => sessions.touch('s', query).turn);
    expect(turns).toStrictEqual([1, 1, 1, 2, 3, 3]);
  });

  test('looks back at the three requests before the current one, newest first', () => {
    const sessions = opened();
    for (const query of ['one', 'two', 'three', 'four', 'five']) sessions.touch('s', query);
    const moment = sessions.moment(sessions.touch('s', null), []);
    expect([moment.query, ...moment.earlier].map(({ text }) => text)).toStrictEqual(['five', 'four', 'three', 'two']);
  });

  test('is seen with the request that is asked about without keeping it', () => {
    const sessions = opened();
    const session = sessions.touch('s', 'one');
    const asked = sessions.moment(session, [], 'two');
    expect([asked.query.text, asked.turn, asked.earlier[0]?.text]).toStrictEqual(['two', 2, 'one']);
    const after = sessions.moment(session, []);
    expect([after.query.text, after.turn, after.earlier]).toStrictEqual(['one', 1, []]);
  });

  test('reads a long request as far as it is read elsewhere, so that it does not begin a turn at every call', () => {
    const sessions = opened();
    const long = 'word '.repeat(1_000);
    expect([long, long, long].map((query) => sessions.touch('s', query).turn)).toStrictEqual([1, 1, 1]);
  });

  test('remembers its latest 64 calls', () => {
    const session = walked(opened().touch('s', null), ...Array.from({ length: 70 }, (_, at) => `tool ${at}`));
    expect(session.steps).toHaveLength(64);
    expect([session.steps[0]?.tool.name, session.steps.at(-1)?.tool.name]).toStrictEqual(['tool 6', 'tool 69']);
  });

  test('is another one once it was removed', () => {
    const sessions = opened();
    const { id } = walked(sessions.touch('s', 'one'), 'a');
    sessions.remove('s');
    expect(sessions.find('s')).toBeUndefined();
    const next = sessions.touch('s', 'one');
    expect(next.id).not.toBe(id);
    expect([next.steps, next.turn]).toStrictEqual([[], 1]);
  });
});

describe('the sessions', () => {
  test('are at most 1,000: the one longest unused gives way', () => {
    const sessions = opened();
    for (let at = 0; at < 1_000; at++) sessions.touch(`${at}`, null);
    sessions.touch('0', null);
    sessions.touch('one more', null);
    expect(sessions.save().sessions).toHaveLength(1_000);
    expect([sessions.find('0'), sessions.find('1')].map((session) => session !== undefined)).toStrictEqual([true, false]);
  });

  test('know a session by the name of __proto__ only when it was there', () => {
    expect(opened().find('__proto__')).toBeUndefined();
  });

  test('imagine calls that were not observed as successes for the request', () => {
    const moment = opened().imagined([toolNamed('a'), toolNamed('b')], [toolNamed('c')], 'one');
    expect(moment.history.map(({ tool, success, turn }) => [tool.name, success, turn])).toStrictEqual([
      ['a', true, 1],
      ['b', true, 1],
    ]);
    expect([moment.situation, moment.usage.get(toolNamed('a').hash)?.calls_this_turn]).toStrictEqual([3, 1]);
    expect(
      opened().imagined(
        Array.from({ length: 80 }, () => toolNamed('a')),
        [],
        null,
      ).history,
    ).toHaveLength(64);
  });

  test('are the same after save and load, also in which one gives way next', () => {
    const first = opened();
    walked(first.touch('s', 'one'), 'a', 'b');
    walked(first.touch('t', null), 'c');
    first.touch('s', 'two');
    const second = opened();
    second.load(structuredClone(first.save()), new Catalogue());
    for (const sessions of [first, second]) sessions.touch('u', 'three');
    expect(second.save()).toStrictEqual(first.save());
    expect(second.find('s')).toStrictEqual(first.find('s'));
  });
});

describe('the tools that a caller names', () => {
  const session = walked(opened().touch('s', null), 'a', 'b', 'c');

  test.each([
    [[], true],
    [['c'], true],
    [['b', 'c'], true],
    [['a', 'b', 'c'], true],
    [['earlier', 'a', 'b', 'c'], true],
    [['b'], false],
    [['c', 'b'], false],
    [['a', 'c'], false],
    [['earlier', 'b', 'b', 'c'], false],
  ])('%j agree with the calls a, b, c: %s', (recent, expected) => {
    expect(agrees(session, recent)).toBe(expected);
  });

  test('do not agree with a session in which no call was observed, so that they count', () => {
    expect(agrees(opened().touch('s', 'one'), ['a'])).toBe(false);
    expect(agrees(opened().touch('s', 'one'), [])).toBe(true);
  });
});
