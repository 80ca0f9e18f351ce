import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/cli/logger.ts';

function entryOf(message: string, cause?: unknown): string {
  const entries: string[] = [];
  createLogger('info', (text) => entries.push(text)).error(message, cause);
  return entries.join('');
}

describe('an entry of the log', () => {
  it.each([
    ['in the message', entryOf('a\nb\r\u001b[31m\u0000\u202e\u{e0041}')],
    ['in a cause', entryOf('m', new Error('a\r\u001b[31m\u0000\u202e\u{e0041}'))],
    ['in the field of a cause', entryOf('m', Object.assign(new Error('x'), { sql: '\u001b[31m\u202e' }))],
  ])('holds control and invisible characters %s only escaped', (_, entry) => {
    expect(entry).toMatch(/^toolwise error: [\P{C}\n]+\n$/u);
    expect(entry).toMatch(/u\{1b\}|x1B/);
  });

  it('cannot be forged by what it quotes: every further line is indented', () => {
    const lines = entryOf('m', new Error('a\ntoolwise error: forged')).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('toolwise'))).toEqual(['toolwise error: m']);
    expect(lines.length).toBeGreaterThan(3);
  });

  it('is cut', () => {
    expect(entryOf('x '.repeat(100_000), new Error('y '.repeat(100_000))).length).toBeLessThan(12_000);
  });
});
