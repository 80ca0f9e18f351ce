import { describe, expect, test } from 'vitest';
import { DescriptionSignal } from '../../../src/core/signals/description.ts';
import { at, column, said, toolNamed } from '../learner/moments.ts';

const TOOLS = ['send_mail', 'read_file', 'transfer'];

function described(): DescriptionSignal {
  const signal = new DescriptionSignal();
  signal.register(toolNamed('send_mail', 'Sends a letter to a person', { properties: { recipient: {} } }));
  signal.register(toolNamed('read_file', 'Returns what a file says'));
  signal.register(toolNamed('transfer', 'Moves money between two accounts'));
  return signal;
}

describe('the description signal', () => {
  test.each([
    ['send this', 0],
    ['a letter', 0],
    ['who is the recipient', 0],
    ['files', 1],
    ['account', 2],
  ])('finds in names, descriptions and parameters what "%s" asks for', (query, expected) => {
    const words = column(described(), at(TOOLS, { query }), 'words');
    expect(words.map((match) => match > 0)).toStrictEqual(TOOLS.map((_, tool) => tool === expected));
    expect(words[expected]).toBe(1);
  });

  test('counts a word of the name more than one of the description, and that more than a parameter', () => {
    const signal = new DescriptionSignal();
    signal.register(toolNamed('mail_x', 'one two'));
    signal.register(toolNamed('y_y', 'mail two'));
    signal.register(toolNamed('z_z', 'one two', { properties: { mail: {} } }));
    const [name = 0, text = 0, parameter = 0] = column(signal, at(['mail_x', 'y_y', 'z_z'], { query: 'mail' }), 'words_of_ideal');
    expect(name).toBeGreaterThan(text);
    expect(text).toBeGreaterThan(parameter);
    expect(parameter).toBeGreaterThan(0);
  });

  test('finds a misspelt word by its trigrams', () => {
    const trigrams = column(described(), at(TOOLS, { query: 'tranfser' }), 'trigrams');
    expect(trigrams[2]).toBe(1);
    expect(column(described(), at(TOOLS, { query: 'tranfser' }), 'words')).toStrictEqual([0, 0, 0]);
  });

  test('gives numbers between 0 and 1, and 0 for tools that nobody described', () => {
    for (const query of ['', 'send mail file transfer accounts', 'zzz']) {
      for (const columns of said(described(), at([...TOOLS, 'unknown'], { query }))) {
        for (const value of Object.values(columns)) expect(value >= 0 && value <= 1).toBe(true);
      }
      expect(Object.values(said(described(), at(['unknown'], { query }))[0] ?? {})).toStrictEqual([0, 0, 0, 0]);
    }
  });

  test('after a call for the request looks for the words that are left', () => {
    const place = { query: 'send the letter and transfer the money' };
    const [before, after] = [place, { ...place, history: ['send_mail'] }].map((of) => column(described(), at(TOOLS, of), 'words_left'));
    expect(before?.[0]).toBeGreaterThan(0);
    expect(after).toStrictEqual([0, 0, 1]);
    expect(column(described(), at(TOOLS, { ...place, history: ['send_mail@1'], turn: 2 }), 'words_left')).toStrictEqual(before);
  });

  test('forgets the old description of a tool, also for a request that it has answered', () => {
    const signal = described();
    expect(column(signal, at(TOOLS, { query: 'money' }), 'words')[2]).toBe(1);
    signal.register(toolNamed('transfer', 'Moves a call to another desk'));
    expect(column(signal, at(TOOLS, { query: 'money' }), 'words')).toStrictEqual([0, 0, 0]);
    expect(column(signal, at(TOOLS, { query: 'desk' }), 'words')[2]).toBe(1);
  });

  test('answers the same whatever was asked between', () => {
    const signal = described();
    const first = said(signal, at(TOOLS, { query: 'send money' }));
    for (let n = 0; n < 100; n++) said(signal, at(TOOLS, { query: `file ${n}`, history: ['read_file'] }));
    expect(said(signal, at(TOOLS, { query: 'send money' }))).toStrictEqual(first);
  });

  test('says how much of the request the description matches', () => {
    expect(described().explain(at(TOOLS, { query: 'send' }), 0)).toMatch(/^description matches [1-9]\d? % of the request$/);
    expect(described().explain(at(TOOLS, { query: 'send' }), 1)).toBeNull();
  });
});
