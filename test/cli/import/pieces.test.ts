import { describe, expect, it } from 'vitest';
import { formatOf } from '../../../src/cli/import/formats.ts';
import { isDocument } from '../../../src/cli/import/peek.ts';
import { piecesOf, readPiece } from '../../../src/cli/import/pieces.ts';

async function* inChunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function valuesOf(text: string, size = 7): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const piece of piecesOf(inChunks(text, size))) {
    const read = readPiece(piece);
    values.push('problem' in read ? 'unreadable' : piece.key === null ? read.value : [piece.key, read.value]);
  }
  return values;
}

describe('a source is cut', () => {
  it.each<[string, unknown[]]>([
    ['{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['{"a":1', ['unreadable']],
    ['{"a":\n{"a":2}\n{"a":3}', ['unreadable', { a: 2 }, { a: 3 }]],
    ['[{"a":1},{"a":2}]', [[{ a: 1 }, { a: 2 }]]],
    ['[\n {"a":1},\n {"ä":2}\n]\n', [{ a: 1 }, { ä: 2 }]],
    ['[{"a":1},\n{"a":2}]', [{ a: 1 }, { a: 2 }]],
    [
      '{\n "id": "x",\n "messages": [{"role":"user"}, {"role":"tool"}]\n}',
      [
        ['id', 'x'],
        ['messages', { role: 'user' }],
        ['messages', { role: 'tool' }],
      ],
    ],
    [
      '{\n "resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": [{"spanId": "a"}, {"spanId": "b"}]}]}]\n}',
      [{ spanId: 'a' }, { spanId: 'b' }],
    ],
    ['{\n "conversations": [{"messages": []}]\n}', [{ messages: [] }]],
    ['[\n {"a":1},\n {"a":', [{ a: 1 }, 'unreadable']],
    ['{\n "x": 1\n}', ['unreadable']],
  ])('%j', async (text, values) => {
    expect(await valuesOf(text)).toEqual(values);
    expect(await valuesOf(text, 1000)).toEqual(values);
  });

  it('without harm to long texts, wherever the chunks end', async () => {
    const texts = ['x', 'xx', 'xxx'].map((start) => start + '🙂ä€\\n"'.repeat(20_000));
    const text = `[\n${texts.map((long) => JSON.stringify({ long })).join(',\n')}\n]`;
    expect(await valuesOf(text, 65_536)).toEqual(texts.map((long) => ({ long })));
    expect(await valuesOf(text, 1001)).toEqual(texts.map((long) => ({ long })));
  });

  it('as lines where what does not begin like JSON comes first', () => {
    expect(isDocument('not json\n{"a":1}\n')).toBe(false);
  });
});

describe('the format of', () => {
  it.each<[string, unknown, string | null]>([
    ['a toolwise header', { kind: 'toolwise', format: 1, seed: 1 }, 'jsonl'],
    ['a line of Claude Code', { type: 'user', sessionId: 's', message: {} }, 'claude-code'],
    ['its title', { type: 'summary', summary: 'x', leafUuid: 'u' }, 'claude-code'],
    ['a line of Codex', { timestamp: 't', type: 'session_meta', payload: { id: 'x' } }, 'codex'],
    ['its first header', { id: 'x', timestamp: 't', instructions: null }, 'codex'],
    ['a message', { role: 'user', content: 'x' }, 'openai'],
    ['a list of messages', [{ role: 'user', content: 'x' }], 'openai'],
    ['a conversation', { messages: [] }, 'openai'],
    ['a logged request', { body: { messages: [] } }, 'openai'],
    ['an item', { type: 'function_call', name: 'x' }, 'openai'],
    ['a request of OTLP', { resourceSpans: [] }, 'otlp'],
    ['something else', { a: 1 }, null],
    ['a number', 7, null],
  ])('%s', (_, value, format) => {
    expect(formatOf(value, null)).toBe(format);
  });
});
