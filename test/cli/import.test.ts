import { expect, test } from 'vitest';
import { importText } from '../../src/cli/import/import-text.ts';

const NOTHING_TOLD = { calls: 0, successes: 0, sessions: 0, episodes: 0, tools: [] };
const NONE = {
  database: '/x.db',
  files: ['a'],
  formats: {},
  dry_run: false,
  lines: 1,
  added: 1,
  known: 0,
  bad: [],
  bad_count: 0,
  told: NOTHING_TOLD,
};
const SKIPPED = { skipped: 'Not judged.' };

test('an import is one sentence and the verdict', () => {
  expect(importText(NONE, SKIPPED)).toBe('Read 1 line of 1 file: 1 added, 0 known already, 0 not usable.\n\nNot judged.');
  expect(importText({ ...NONE, files: ['a', 'b'], dry_run: true, lines: 7, added: 4, known: 3 }, SKIPPED)).toMatch(
    /^Read 7 lines of 2 files: 4 would be added, 3 known already, 0 not usable\.\n/,
  );
  expect(importText(NONE, { verdict: { outcome: 'better', sentence: 'Better.' } })).toMatch(/\n\nBetter\.$/);
});

test('what the files told is a head and the ten tools that were called most', () => {
  const tools = Array.from({ length: 12 }, (_, at) => ({ tool_name: `tool_${at}`, calls: 12 - at, successes: 6 }));
  const told = { calls: 78, successes: 39, sessions: 3, episodes: 1, tools };
  const lines = importText({ ...NONE, formats: { codex: 2, openai: 1 }, told }, SKIPPED)
    .split('\n')
    .slice(2);
  expect(lines.slice(0, 3)).toEqual([
    '78 calls, 50 % worked: 12 tools, 3 sessions, 1 episode; read as codex (2 files), openai (1 file)',
    'tool    calls  worked',
    'tool_0     12    50 %',
  ]);
  expect(lines.slice(12)).toEqual(['and 2 tools more', '', 'Not judged.']);
});

test('lines that were not usable follow, inert, with a count of the rest', () => {
  const bad = [
    { file: 'a.jsonl', line: 2, reason: 'not JSON' },
    { file: 'b.jsonl', line: 1200, reason: 'tool_name: \u001b[31m\u202Ered' },
  ];
  expect(importText({ ...NONE, lines: 9, bad, bad_count: 5 }, SKIPPED).split('\n')).toEqual([
    'Read 9 lines of 1 file: 1 added, 0 known already, 5 not usable.',
    '',
    'file     line  not used because',
    'a.jsonl     2  not JSON',
    'b.jsonl  1200  tool_name: \\u{1b}[31m\\u{202e}red',
    'and 3 lines more',
    '',
    'Not judged.',
  ]);
});
