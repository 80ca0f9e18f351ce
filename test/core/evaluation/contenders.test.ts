import { describe, expect, it } from 'vitest';
import type { Contender } from '../../../src/core/evaluation/contender.ts';
import { allContenders } from '../../../src/core/evaluation/contenders/all.ts';
import { DescriptionMatch } from '../../../src/core/evaluation/contenders/description-match.ts';
import { Learned } from '../../../src/core/evaluation/contenders/learned.ts';
import { Markov } from '../../../src/core/evaluation/contenders/markov.ts';
import { Popularity } from '../../../src/core/evaluation/contenders/popularity.ts';
import { Reference } from '../../../src/core/evaluation/contenders/reference.ts';
import { RepeatPrevious } from '../../../src/core/evaluation/contenders/repeat-previous.ts';
import { DEFAULTS } from '../../../src/core/hyperparameters.ts';
import { Learner } from '../../../src/core/learner/learner.ts';
import type { Decision, LogEvent } from '../../../src/core/learner/log-event.ts';
import { call, ended, registered } from './log.ts';

function taught<C extends Contender>(contender: C, ...events: readonly LogEvent[]): C {
  for (const event of events) contender.observe(event);
  return contender;
}

function next(details: Partial<Decision> = {}): Decision {
  return { query: null, session: 's', available: ['a', 'b', 'c'], ...details };
}

describe('popularity', () => {
  it('ranks by successful calls; ties keep the order of the caller', () => {
    const popularity = taught(
      new Popularity(),
      call('c'),
      call('c'),
      call('b'),
      call('a', { success: false }),
      call('a', { success: false }),
    );
    expect(popularity.rank(next())).toEqual(['c', 'b', 'a']);
    expect(new Popularity().rank(next({ available: ['c', 'a', 'b'] }))).toEqual(['c', 'a', 'b']);
  });
});

describe('repeat previous', () => {
  const contender = taught(new RepeatPrevious(), call('c'), call('c'), call('c'), call('b'), call('a'), call('b', { session: 't' }));

  it('puts the previous tool of the session first, then the popular ones', () => {
    expect(contender.rank(next())).toEqual(['a', 'c', 'b']);
    expect(contender.rank(next({ session: 't' }))).toEqual(['b', 'c', 'a']);
  });

  it('has nothing to repeat in a new session and after an episode', () => {
    expect(contender.rank(next({ session: 'new' }))).toEqual(['c', 'b', 'a']);
    expect(taught(new RepeatPrevious(), call('b'), call('b'), call('a'), ended()).rank(next())).toEqual(['b', 'a', 'c']);
  });

  it('repeats what the caller says was called last', () => {
    expect(contender.rank(next({ previous_tool: 'b' }))).toEqual(['b', 'c', 'a']);
    expect(contender.rank(next({ recent_tools: ['a', 'c'] }))).toEqual(['c', 'b', 'a']);
  });
});

describe('markov', () => {
  // a→b twice, a→c once, start→a three times; b is the most popular tool.
  const log = [
    ...[call('a'), call('b'), ended()],
    ...[call('a'), call('b'), ended()],
    ...[call('a'), call('c'), ended()],
    ...[call('c'), call('b'), call('b'), ended()],
  ];

  it('ranks by what followed the previous tool, and what began', () => {
    expect(taught(new Markov(), ...log, call('a')).rank(next())).toEqual(['b', 'c', 'a']);
    expect(taught(new Markov(), ...log).rank(next())).toEqual(['a', 'c', 'b']);
  });

  it('backs off to popularity after a tool that nothing has followed', () => {
    expect(taught(new Markov(), ...log).rank(next({ previous_tool: 'never' }))).toEqual(['b', 'a', 'c']);
  });

  it('learns nothing from a failed call, which still is the previous one', () => {
    const markov = taught(new Markov(), call('a'), call('b', { success: false }), call('c'), ended());
    expect(markov.rank(next({ previous_tool: 'a' }))).toEqual(['a', 'c', 'b']);
    expect(markov.rank(next({ previous_tool: 'b' }))).toEqual(['c', 'a', 'b']);
  });
});

describe('description match', () => {
  const contender = taught(
    new DescriptionMatch(),
    registered('a', 'Sends an e-mail to a person'),
    registered('b', 'Reads a file from the disk'),
    registered('delete_file'),
  );

  it('ranks by the words that the request shares with name and description', () => {
    const available = ['a', 'b', 'delete_file'];
    expect(contender.rank(next({ query: 'send an email, please: mail it', available }))[0]).toBe('a');
    expect(contender.rank(next({ query: 'read the report from disk', available }))[0]).toBe('b');
    expect(contender.rank(next({ query: 'delete it', available }))[0]).toBe('delete_file');
  });

  it('uses the request of the session where the decision names none, and the latest description', () => {
    const updated = taught(new DescriptionMatch(), registered('a', 'Reads'), registered('b', 'Writes'), registered('a', 'Paints'));
    updated.observe({ kind: 'request', session: 's', query: 'paint it' });
    updated.observe(registered('b', 'Reads'));
    expect(updated.rank(next())[0]).toBe('a');
    expect(updated.rank(next({ query: 'read it' }))[0]).toBe('b');
  });

  it('keeps the order of the caller where nothing matches, also for tools it never heard of', () => {
    expect(contender.rank(next({ query: 'xylophone', available: ['z', 'b', 'a'] }))).toEqual(['z', 'b', 'a']);
  });
});

describe('the reference', () => {
  const fresh = () => new Reference(DEFAULTS, []);

  it('keeps the order of the caller where nothing is known', () => {
    expect(fresh().rank(next({ available: ['b', 'a', 'c'] }))).toEqual(['b', 'a', 'c']);
  });

  it('prefers success, rating, speed and samples by its own fixed bonuses', () => {
    // a: 1 of 1 succeeded, +0.2. b: the same and fast, +0.3. c: failed, −0.2. Other sessions, so that no exact context matches.
    const events = [
      call('a', { session: 'x' }),
      call('b', { session: 'y', query: 'q', time_ms: 5 }),
      call('c', { session: 'z', success: false }),
    ];
    expect(taught(fresh(), ...events).rank(next({ query: 'other' }))).toEqual(['b', 'a', 'c']);
    const rated = taught(fresh(), ...events, { kind: 'rating', seq: events[0]?.seq ?? 0, rating: 5, reward: 14 });
    expect(rated.rank(next({ query: 'other' }))).toEqual(['a', 'b', 'c']);
  });

  it('adds the positive Q-value of the exact context, and only there', () => {
    const events = ['b', 'a', 'c'].map((tool, at) => call(tool, { session: tool, query: at === 2 ? 'find it' : 'other' }));
    const contender = taught(fresh(), ...events);
    expect(contender.rank(next({ session: 'new', query: 'find it' }))).toEqual(['c', 'a', 'b']);
    expect(contender.rank(next({ session: 'new', query: 'unseen' }))).toEqual(['a', 'b', 'c']);
  });

  it('ignores a negative Q-value and corrects the value when a rating comes late', () => {
    // One call of b and one of c each, both reward 1: Q = 0.3, bonus 0.03. A rating that takes c to −3 leaves it without one.
    const events = ['b', 'c'].map((tool) => call(tool, { session: tool, query: 'find it', reward: 1, rating: 3 }));
    const before = taught(fresh(), ...events).rank(next({ session: 'new', query: 'find it' }));
    const after = taught(fresh(), ...events, { kind: 'rating', seq: events[0]?.seq ?? 0, rating: 3, reward: -3 });
    expect(before).toEqual(['b', 'c', 'a']);
    expect(after.rank(next({ session: 'new', query: 'find it' }))).toEqual(['c', 'b', 'a']);
  });

  it('takes over the discounted value of the next state', () => {
    // Session 2 repeats session 1's first step once its second step is worth 3: δ = 0 + 0.95·3 − 0.
    const steps = (session: string) => [call('b', { session, reward: 0 }), call('a', { session, reward: 10 })];
    const available = ['a', 'b'];
    const log = [...steps('1'), ...steps('2')].map((event) => ({ ...event, query: 'go', available }));
    const tied = [...log.slice(0, 2), call('a', { session: '3', query: 'else' }), call('b', { session: '3', query: 'else' })];
    expect(taught(fresh(), ...tied).rank(next({ session: 'new', query: 'go', available }))).toEqual(['a', 'b']);
    expect(taught(fresh(), ...log).rank(next({ session: 'new', query: 'go', available }))).toEqual(['b', 'a']);
  });
});

describe('the next value of the reference', () => {
  // After b, the tools a and c are on offer. Without a future b is worth 0.3·0.31 = 0.093 and a 0.3·0.1 = 0.03 at the start.
  const step = (tool: string, session: string, reward: number) => call(tool, { session, reward, query: 'go', available: ['a', 'c'] });
  const enough = ['a', 'a', 'b', 'b'].map((tool) => call(tool, { session: 'other', query: 'else' }));
  const first = (...log: readonly LogEvent[]) => {
    const contender = taught(new Reference(DEFAULTS, []), ...enough, ...log, step('b', 'x', 0.31), step('a', 'y', 0.1));
    return contender.rank({ query: 'go', session: 'new', available: ['a', 'b'] })[0];
  };

  it('is that of a tool without a row, 0, until every tool on offer has one', () => {
    const a_is_bad = [step('b', '1', 0), step('a', '1', -10)];
    const c_is_bad = [step('b', '2', 0), step('c', '2', -10)];
    expect(first(...a_is_bad)).toBe('b');
    expect(first(...a_is_bad, ...c_is_bad)).toBe('a');
  });
});

describe('the learned ranking', () => {
  it('is that of a learner with the same seed and log', () => {
    const log = [registered('a', 'Reads'), call('b', { query: 'go' }), call('c', { success: false }), ended(), call('b')];
    const learner = new Learner(7);
    for (const event of log) learner.observe(event);
    expect(taught(new Learned(7), ...log).rank(next())).toEqual(learner.rank(next()).map((ranked) => ranked.tool_name));
  });
});

describe('every contender', () => {
  const contenders = () => allContenders({ hyperparameters: DEFAULTS, domain_keywords: [], seed: 1 });
  const log = [registered('a', 'Reads'), call('b', { query: 'go' }), call('c'), call('a', { success: false }), ended('failure'), call('c')];

  it('has a name of its own', () => {
    expect(contenders().map(({ name }) => name)).toEqual([
      'popularity',
      'repeat previous',
      'markov',
      'description match',
      'reference',
      'learned',
    ]);
  });

  it.each(contenders().map((contender) => [contender.name, contender] as const))(
    '%s ranks each candidate once, changes nothing by it',
    (_, contender) => {
      const available = ['x', 'c', 'b', 'a', 'constructor', '__proto__'];
      for (const event of log) {
        const ranked = contender.rank(next({ available }));
        expect([...ranked].sort()).toEqual([...available].sort());
        expect(contender.rank(next({ available }))).toEqual(ranked);
        contender.observe(event);
      }
      expect(contender.rank(next({ available: [] }))).toEqual([]);
      expect(contender.rank(next({ session: null }))).toHaveLength(3);
    },
  );
});
