import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines, diffText } from '../../../src/cli/setup/diff.ts';
import { PLAIN } from '../../../src/cli/table.ts';

describe('the shown change', () => {
  it('has the changed lines and two lines around them', () => {
    const before = 'a\nb\nc\nd\ne\nf\n';
    expect(diffText(before, before.replace('e', 'E'), PLAIN)).toBe('  …\n  c\n  d\n- e\n+ E\n  f'.replace('  …\n', ''));
  });

  it('leaves out what lies between two changes', () => {
    const lines = Array.from({ length: 12 }, (_, at) => `line ${at}`);
    const after = lines.map((line, at) => (at === 0 || at === 11 ? `${line}!` : line));
    const text = diffText(lines.join('\n'), after.join('\n'), PLAIN);
    expect(text).toContain('  …');
    expect(text).not.toContain('line 5');
  });

  it('shows no secret of another entry and no control character', () => {
    const before = `{\n  "token": "ghp_${'aB3dE5fG7hJ9'.repeat(3)}"\n  "x": "\u001b[31m"\n}`;
    const text = diffText(before, before.replace('}', '+\n}'), PLAIN);
    expect(text).not.toContain('ghp_');
    expect(text).not.toContain('\u001b');
  });

  it('shows a tab as two blanks, in old lines and new ones', () => {
    expect(diffText('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"b":\t2\n}', PLAIN)).toBe('  {\n-   "a": 1\n+   "a": 1,\n+   "b":  2\n  }');
  });

  it('turns one text into the other, whatever they are', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(`${before.join('\n')}\n`, `${after.join('\n')}\n`);
        const side = (sign: '-' | '+') => diff.filter((line) => line.sign === ' ' || line.sign === sign).map(({ text }) => text);
        expect(side('-').join('\n')).toBe(before.join('\n'));
        expect(side('+').join('\n')).toBe(after.join('\n'));
      }),
    );
  });
});
