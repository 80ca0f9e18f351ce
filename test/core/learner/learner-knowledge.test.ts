import { describe, expect, test } from 'vitest';
import { Learner } from '../../../src/core/learner/learner.ts';
import type { Decision, Execution } from '../../../src/core/learner/log-event.ts';
import { optimistic } from '../../../src/core/policies/optimistic.ts';
import { registered } from '../evaluation/log.ts';

const DESCRIBED = [
  ['send_email', 'Sends an email to a person'],
  ['search_flights', 'Finds flights between two cities'],
  ['get_weather', 'Tells the weather forecast of a city'],
  ['convert_currency', 'Converts money from one currency to another'],
] as const;
const NAMES = DESCRIBED.map(([name]) => name as string);

class Log {
  readonly learner = new Learner(11);
  #seq = 0;

  describe(): this {
    for (const [name, text] of DESCRIBED) this.learner.observe(registered(name, text));
    return this;
  }

  call(tool: string, query: string | null, details: Partial<Execution> = {}): this {
    this.#seq += 1;
    const success = details.success ?? true;
    const known = { session: `session ${this.#seq}`, rating: null, available: null, time_ms: null, ...details, success };
    this.learner.observe({ kind: 'execution', seq: this.#seq, tool, query, reward: success ? 10 : -5, ...known });
    return this;
  }

  order(query: string | null, available: readonly string[], decision: Partial<Decision> = {}): string[] {
    return this.learner.rank({ query, session: null, ...decision, available }).map(({ tool_name }) => tool_name);
  }
}

describe('with nothing but registrations', () => {
  test.each([
    ['what will the weather be in Oslo', 'get_weather'],
    ['I need to email my landlord', 'send_email'],
    ['convert 100 dollars to the currency of Japan', 'convert_currency'],
    ['flight from Rome to Cairo', 'search_flights'],
  ])('the tool whose description matches "%s" is first, wherever it stands among the candidates', (query, expected) => {
    const log = new Log().describe();
    for (const available of [NAMES, [...NAMES].reverse()]) expect(log.order(query, available)[0]).toBe(expected);
  });

  test('candidates that match equally little keep the order of the caller', () => {
    const log = new Log().describe();
    expect(log.order('zzz', [...NAMES].reverse())).toStrictEqual([...NAMES].reverse());
    expect(log.order(null, NAMES)).toStrictEqual(NAMES);
  });
});

describe('a new tool among trained ones', () => {
  function trained(): Log {
    const log = new Log().describe();
    for (let n = 0; n < 15; n++) {
      log.call('get_weather', `forecast for city number ${n}`, { available: NAMES });
      log.call('search_flights', `book me a flight, trip ${n}`, { available: NAMES });
      log.call('send_email', `write to person ${n}`, { available: NAMES, success: n % 5 > 0 });
      if (n % 3 === 0) log.call('convert_currency', 'exchange rate please', { available: NAMES, success: false });
    }
    log.learner.observe(registered('translate_text', 'Translates a text into another language'));
    return log;
  }

  test.each(['what will the weather be tomorrow', 'book a flight to Rome'])(
    'is neither first nor last for a request of others: "%s"',
    (query) => {
      const order = trained().order(query, ['translate_text', ...NAMES]);
      expect(order.indexOf('translate_text')).toBeGreaterThan(0);
      expect(order.indexOf('translate_text')).toBeLessThan(NAMES.length);
    },
  );

  test('is first for a request that names it', () => {
    expect(trained().order('translate this text into Greek', [...NAMES, 'translate_text'])[0]).toBe('translate_text');
  });
});

describe('what was learned', () => {
  const TAUGHT = [
    ['tool_1', ['my card was stolen', 'the card got lost', 'somebody stole my card', 'I lost the card yesterday']],
    ['tool_2', ['change my address', 'I moved to a new address', 'update the address please', 'new address for my account']],
    ['tool_3', ['how much is on my account', 'show the balance', 'what is my balance today', 'account balance please']],
  ] as const;
  const TOOLS = TAUGHT.map(([tool]) => tool as string);

  test.each([
    ['please help, a thief has stolen it, my card', 'tool_1'],
    ['cannot find the card, it is lost', 'tool_1'],
    ['we moved, here is the updated address', 'tool_2'],
    ['could you tell me the current balance', 'tool_3'],
  ])('serves a phrasing never seen: "%s" wants %s', (query, expected) => {
    const log = new Log();
    for (let n = 0; n < 4; n++) for (const [tool, phrasings] of TAUGHT) log.call(tool, phrasings[n] ?? '', { available: TOOLS });
    expect(log.order(query, TOOLS)[0]).toBe(expected);
  });

  test('includes habits: the tool that usually follows is first after its usual predecessor, without any query', () => {
    const log = new Log();
    const available = ['a', 'b', 'c', 'd'];
    for (let n = 0; n < 8; n++) {
      const [first, second] = n % 2 === 0 ? ['a', 'b'] : ['c', 'd'];
      for (const tool of [first ?? '', second ?? '']) log.call(tool, null, { session: `habit ${n}`, available });
    }
    expect(log.order(null, available, { recent_tools: ['a'] })[0]).toBe('b');
    expect(log.order(null, available, { previous_tool: 'c' })[0]).toBe('d');
  });

  test('heeds the tools that the caller names in a session in which no call was observed', () => {
    const log = new Log();
    const available = ['a', 'b', 'c', 'd'];
    for (let n = 0; n < 8; n++)
      for (const tool of n % 2 === 0 ? ['a', 'b'] : ['c', 'd']) log.call(tool, 'go on', { session: `habit ${n}`, available });
    log.learner.observe({ kind: 'request', session: 'silent', query: 'go on' });
    expect(log.order('go on', available, { session: 'silent', recent_tools: ['a'] })).toStrictEqual(
      log.order('go on', available, { session: null, recent_tools: ['a'] }),
    );
  });
});

describe('the prospects', () => {
  test('make a policy whose probabilities sum to 1, each known and above 0', () => {
    const log = new Log().describe();
    for (let n = 0; n < 30; n++) log.call(NAMES[n % 4] ?? '', `request ${n % 3}`, { available: NAMES, success: n % 3 > 0 });
    for (const available of [NAMES, ['nobody knows it', ...NAMES], ['one']]) {
      const probabilities = optimistic(log.learner.prospects({ query: 'request 1', session: null, available }));
      expect(probabilities).toHaveLength(available.length);
      expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
      for (const probability of probabilities) expect(probability).toBeGreaterThanOrEqual(1e-3 / available.length);
    }
  });

  test('go through all candidates while each fails, before one is tried again', () => {
    const log = new Log();
    const tried: string[] = [];
    for (const _ of NAMES) {
      const probabilities = optimistic(log.learner.prospects({ query: 'do the thing', session: null, available: NAMES }));
      const best = NAMES[probabilities.indexOf(Math.max(...probabilities))] ?? '';
      tried.push(best);
      log.call(best, 'do the thing', { available: NAMES, success: false });
    }
    expect(new Set(tried).size).toBe(NAMES.length);
  });

  test('stay with the tool that succeeded', () => {
    const log = new Log();
    for (const name of NAMES) log.call(name, 'do the thing', { available: NAMES, success: name === 'get_weather' });
    for (let n = 0; n < 5; n++) {
      const probabilities = optimistic(log.learner.prospects({ query: 'do the thing', session: null, available: NAMES }));
      expect(NAMES[probabilities.indexOf(Math.max(...probabilities))]).toBe('get_weather');
      log.call('get_weather', 'do the thing', { available: NAMES });
    }
  });
});
