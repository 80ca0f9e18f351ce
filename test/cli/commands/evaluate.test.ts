import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluationText } from '../../../src/cli/evaluate/evaluation-text.ts';
import { readEvaluation } from '../../../src/cli/evaluate/read-evaluation.ts';
import { mergeSettings } from '../../../src/cli/settings/merge.ts';
import { type Configuration, resolveSettings } from '../../../src/cli/settings/resolve.ts';
import { PLAIN } from '../../../src/cli/table.ts';
import { isMissing } from '../../../src/cli/with-engine.ts';
import type { ValueRow } from '../../../src/core/evaluation/value-table.ts';
import { recordExecution } from '../../../src/engine/record-execution.ts';
import { selectTool } from '../../../src/engine/select-tool.ts';
import { temporaryFolder, testEngine } from '../../helpers/engine.ts';

const TOO_LITTLE = 'Not enough data: 0 decisions in 0 sessions to judge, and it takes 30 in 10.';

const NOT_SHOWN =
  'No estimate is shown where the draws are worth less than 30, or hardly ever could have been its choices (mean weight not near 1).';

function configuration(file: string): Configuration {
  const merged = mergeSettings({ flags: new Map([['db', file]]), env: {}, file: {}, file_path: '' });
  return resolveSettings(merged, { env: {}, platform: process.platform, home: '/', cwd: '/' });
}

describe('evaluate', () => {
  it('says of a database that does not exist that there is not enough data, and does not make one', async () => {
    const file = join(temporaryFolder(), 'folder', 'none.db');
    expect(evaluationText(await readEvaluation(configuration(file)), PLAIN)).toBe(TOO_LITTLE);
    expect(existsSync(file)).toBe(false);
  });

  it('knows a file that does not exist from one that does and from a database in memory', async () => {
    expect(isMissing(configuration(join(temporaryFolder(), 'none.db')))).toBe(true);
    expect(isMissing(configuration((await testEngine()).file))).toBe(false);
    expect(isMissing(configuration(':memory:'))).toBe(false);
  });

  it('opens the database for reading only: an empty file stays one', async () => {
    const file = join(temporaryFolder(), 'empty.db');
    writeFileSync(file, '');
    expect(evaluationText(await readEvaluation(configuration(file)), PLAIN)).toBe(TOO_LITTLE);
    expect(statSync(file).size).toBe(0);
  });

  it('says the same of an empty database and of one in memory', async () => {
    const { file } = await testEngine();
    for (const empty of [file, ':memory:']) expect(evaluationText(await readEvaluation(configuration(empty)), PLAIN)).toBe(TOO_LITTLE);
  });

  it('shows how each contender ranked, what the draws say, then the verdict', async () => {
    const engine = await testEngine();
    const available_tools = ['search', 'read', 'send'];
    for (let at = 0; at < 12; at++) {
      const session_id = `s${at}`;
      const { tool_name } = await selectTool(engine, { session_id, query: 'find it', available_tools, policy: 'softmax' });
      await recordExecution(engine, { session_id, tool_name, success: tool_name === 'search', available_tools });
      for (const next of ['read', 'read']) await recordExecution(engine, { session_id, tool_name: next, success: true, available_tools });
    }
    const lines = evaluationText(await readEvaluation(configuration(engine.file)), PLAIN).split('\n');
    const share = String.raw`\d+\.\d %`;
    const signed = String.raw`([+-]\d+\.\d|0\.0)`;
    expect(lines).toContainEqual(
      expect.stringMatching(/^Would it have put the tool first .* \d+ choices in 12 sessions out of 36 calls; \d+\.\d % repeat/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^contender +hit@1 +MRR +on repeats +on others +learned less it +95 % interval$/));
    for (const name of ['popularity', 'repeat previous', 'markov', 'description match', 'reference']) {
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`^${name} +${share} +${share} +${share} +${share} +${signed} +${signed} to ${signed}$`)),
      );
    }
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^learned +${share} +${share} +${share} +${share} +- +-$`)));
    expect(lines).toContainEqual(expect.stringMatching(/^What would its first choice have earned .* 12 draws in 12 sessions$/));
    expect(lines).toContainEqual(expect.stringMatching(/^as logged +-?\d+\.\d +-?\d+\.\d to -?\d+\.\d( +-){8}$/));
    expect(lines).toContainEqual(expect.stringMatching(/^markov( +-){5} +\d+ +\d+\.\d\d +\d+\.\d %( +-){2}$/));
    expect(lines).toContain(NOT_SHOWN);
    expect(lines.at(-1)).toMatch(/^(The learned|Not enough data).*\.$/);
    expect(lines.every((line) => line === line.trimEnd())).toBe(true);
  });

  it('shows what the draws say of a contender once they are worth enough', async () => {
    const evaluation = await readEvaluation(configuration(':memory:'));
    const bounds = [1.04, 2] as const;
    const values = {
      dr: 7.25,
      dr_interval: bounds,
      snips: 7,
      snips_interval: bounds,
      ips: 6,
      ips_interval: bounds,
      replay: 5,
      replay_interval: bounds,
    };
    const learned = {
      contender: 'learned',
      trusted: true,
      ...values,
      coverage: 0.5,
      mean_weight: 1,
      effective_sample_size: 30,
      difference: null,
      difference_interval: null,
    };
    const rule = { ...learned, contender: 'markov', difference: 1.5, difference_interval: bounds };
    const as_logged = { mean_reward: 4, interval: bounds, difference: 3.25, difference_interval: bounds };
    const text = (...estimates: readonly ValueRow[]) =>
      evaluationText({ ...evaluation, off_policy: { draws: 90, sessions: 30, as_logged, estimates: estimates } }, PLAIN).replaceAll(
        / +/g,
        ' ',
      );
    const shown = text(rule, learned);
    expect(shown).toContain('as logged 4.0 1.0 to 2.0 - - - - - - +3.3 +1.0 to +2.0\n');
    expect(shown).toContain('markov 7.3 1.0 to 2.0 7.0 6.0 5.0 30 1.00 50.0 % +1.5 +1.0 to +2.0\n');
    expect(shown).toContain('learned 7.3 1.0 to 2.0 7.0 6.0 5.0 30 1.00 50.0 % - -\n');
    expect(shown).not.toContain('No estimate');
    const doubtful = text(rule, { ...learned, trusted: false });
    expect(doubtful).toContain('as logged 4.0 1.0 to 2.0 - - - - - - - -\n');
    expect(doubtful).toContain('markov 7.3 1.0 to 2.0 7.0 6.0 5.0 30 1.00 50.0 % - -\n');
    expect(doubtful).toContain(NOT_SHOWN);
    expect(doubtful).toContain('learned - - - - - 30 1.00 50.0 % - -\n');
  });

  it('is the same as data, and leaves the file as it is', async () => {
    const engine = await testEngine();
    await recordExecution(engine, { session_id: 's', tool_name: 'search', success: true, available_tools: ['read', 'search'] });
    const before = readFileSync(engine.file);
    const told: unknown[] = [];
    const evaluation = await readEvaluation(configuration(engine.file), (...progress) => told.push(progress));
    expect(JSON.parse(JSON.stringify(evaluation))).toMatchObject({ executions: 1, decisions: 1, verdict: { outcome: 'not enough data' } });
    expect(told).toEqual([[1, 1]]);
    expect(readFileSync(engine.file).equals(before)).toBe(true);
  });
});
