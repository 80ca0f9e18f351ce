import { expect, test } from 'vitest';
import { importText } from '../../src/cli/import/import-text.ts';

const NONE = { database: '/x.db', files: ['a'], dry_run: false, lines: 1, added: 1, known: 0, bad: [], bad_count: 0 };

test('an import is one sentence', () => {
  expect(importText(NONE)).toBe('Read 1 line of 1 file: 1 added, 0 known already, 0 not usable.');
  expect(importText({ ...NONE, files: ['a', 'b'], dry_run: true, lines: 7, added: 4, known: 3 })).toBe(
    'Read 7 lines of 2 files: 4 would be added, 3 known already, 0 not usable.',
  );
});

test('lines that were not usable follow, inert, with a count of the rest', () => {
  const bad = [
    { file: 'a.jsonl', line: 2, reason: 'not JSON' },
    { file: 'b.jsonl', line: 1200, reason: 'tool_name: \u001b[31m\u202Ered' },
  ];
  expect(importText({ ...NONE, lines: 9, bad, bad_count: 5 }).split('\n')).toEqual([
    'Read 9 lines of 1 file: 1 added, 0 known already, 5 not usable.',
    '',
    'file     line  not used because',
    'a.jsonl     2  not JSON',
    'b.jsonl  1200  tool_name: \\u{1b}[31m\\u{202e}red',
    'and 3 lines more',
  ]);
});
