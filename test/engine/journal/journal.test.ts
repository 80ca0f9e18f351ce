import { readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { toolwiseLines } from '../../../src/cli/import/toolwise-lines.ts';
import { getLearningStats } from '../../../src/engine/get-learning-stats.ts';
import { getPolicy } from '../../../src/engine/get-policy.ts';
import { getToolMetrics } from '../../../src/engine/get-tool-metrics.ts';
import { recompute, repair } from '../../../src/engine/journal/check.ts';
import { exportLines } from '../../../src/engine/journal/export.ts';
import { forget } from '../../../src/engine/journal/forget.ts';
import { importLines } from '../../../src/engine/journal/import.ts';
import { merge } from '../../../src/engine/journal/merge.ts';
import { recordExecution } from '../../../src/engine/record-execution.ts';
import { testEngine } from '../../helpers/engine.ts';
import { answersOf } from '../../helpers/recorded-work.ts';
import { type Use, useAll, VARIED_TOOLS, variedWork } from '../../helpers/varied-work.ts';

const CLEAN = { is_comparable: true, why_not: null, differences: [], difference_count: 0 };

describe('the log learned again', () => {
  test.for([1, 2, 3])('makes the same tables (seed %i)', async (seed) => {
    const engine = await testEngine();
    await useAll(engine, variedWork(250, { seed }));
    expect(await recompute(engine)).toMatchObject(CLEAN);
  });

  test('makes the same tables where two processes with other settings took turns', async () => {
    const engine = await testEngine();
    const other = await testEngine({ file: engine.file, hyperparameters: { learning_rate: 0.7, ngram_length: 4 }, settings: { seed: 9 } });
    for (const [at, use] of variedWork(300).entries()) await use.run(Math.floor(at / 7) % 2 === 0 ? engine : other);
    expect(await recompute(engine)).toMatchObject(CLEAN);
  });

  test('shows a value, a count and a row that were tampered with; repair mends them and running processes notice', async () => {
    const engine = await testEngine();
    await useAll(engine, variedWork(200));
    const sqlite = new Sqlite(engine.file);
    sqlite.exec(`UPDATE action_values SET q_value = q_value + 1 WHERE rowid = (SELECT min(rowid) FROM action_values WHERE visit_count > 0);
      UPDATE tools SET total_calls = total_calls + 1 WHERE tool_id = 1; DELETE FROM ngrams WHERE rowid = (SELECT min(rowid) FROM ngrams)`);
    sqlite.close();
    const found = await recompute(engine);
    expect(found.differences.map(({ table }) => table).toSorted()).toEqual(['action values', 'n-grams', 'tools']);
    await repair(engine);
    expect(await recompute(engine)).toMatchObject(CLEAN);
    await useAll(engine, unused(variedWork(50)));
    expect(await recompute(engine)).toMatchObject(CLEAN);
  });
});

/** What users can see of a database, apart from times and from what select_tool happened to draw with what else it knew then. */
async function seen(engine: Parameters<typeof getPolicy>[0]) {
  const { policies } = await getPolicy(engine, { limit: 500 });
  const { tools } = await getToolMetrics(engine, { limit: 500 });
  const { update_count, replay, metrics } = await getLearningStats(engine, { window: 100 });
  const { reward, td_error, episode_reward, episode_length, batch_avg_td_error } = metrics;
  return {
    policies: policies.map(({ last_updated: _, ...policy }) => policy),
    tools: tools.map(({ last_used_at: _, ...tool }) => tool),
    stats: { update_count, replay, reward, td_error, episode_reward, episode_length, batch_avg_td_error },
    answers: await answersOf(engine),
  };
}

describe('a forgotten session', () => {
  const uses = variedWork(250);
  const others = uses.filter((use) => use.session !== 'session 2');

  test('leaves what a database has that never saw it', async () => {
    const engine = await testEngine();
    await useAll(engine, uses);
    await seen(engine); // the learner is loaded, and must be loaded anew
    const never = await testEngine();
    await useAll(never, others);
    const forgotten = await forget(engine, 'session 2');
    expect(forgotten.executions).toBeGreaterThan(15);
    expect(await seen(engine)).toEqual(await seen(never));
  });

  test('is forgotten by another running process too, and both go on recording', async () => {
    const engine = await testEngine();
    const other = await testEngine({ file: engine.file });
    await useAll(other, uses);
    await seen(other);
    await forget(engine, 'session 2');
    const later = variedWork(80, { seed: 11 }).filter(({ session }) => session === 'session 1');
    const never = await testEngine();
    await useAll(never, others);
    for (const use of unused(later)) {
      await use.run(other);
      await use.run(never);
    }
    expect(await seen(other)).toEqual(await seen(never));
  });

  test('leaves no byte of its texts in the file', async () => {
    const engine = await testEngine();
    await useAll(engine, variedWork(100));
    await recordExecution(engine, {
      session_id: 'private',
      tool_name: 'file_read',
      success: true,
      query: 'xyzzyplugh',
      result: 'plughxyzzy',
    });
    const other = await testEngine({ file: engine.file });
    await answersOf(other);
    await forget(engine, 'private');
    expect(readFileSync(`${engine.file}-wal`, 'latin1')).not.toMatch(/xyzzyplugh|plughxyzzy/);
    await other.close();
    await engine.close();
    expect(readFileSync(engine.file, 'latin1')).not.toMatch(/xyzzyplugh|plughxyzzy/);
  });

  test('must be known', async () => {
    const engine = await testEngine();
    await expect(forget(engine, 'nobody')).rejects.toThrow('session_id "nobody" is unknown');
  });
});

/** Ids of their own: the work was made from another seed and must not meet what is recorded. */
function unused(uses: readonly Use[]): Use[] {
  return uses.map((use, n) => ({
    session: use.session,
    run: (engine) =>
      recordExecution(engine, {
        session_id: 'session 1',
        tool_name: VARIED_TOOLS[n % 6] ?? '',
        success: n % 3 > 0,
        execution_id: `late-${n}`,
      }),
  }));
}

async function linesOf(engine: Parameters<typeof exportLines>[0]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportLines(engine)) lines.push(line);
  return lines;
}

async function* streamed(lines: readonly string[]) {
  for (const [at, text] of lines.entries()) yield { line: at + 1, key: null, text, value: undefined, problem: null };
}

describe('the exported log', () => {
  test('makes the same database, which exports the same', async () => {
    const engine = await testEngine();
    await useAll(engine, variedWork(250));
    const lines = await linesOf(engine);
    const copy = await testEngine({ settings: { seed: null } });
    expect(await importLines(copy, toolwiseLines(streamed(lines)), {})).toMatchObject({ bad_count: 0, known: 0 });
    expect(await linesOf(copy)).toEqual(lines);
    expect(await seen(copy)).toEqual(await seen(engine));
  });

  test('adds nothing when it is imported again', async () => {
    const engine = await testEngine();
    await useAll(engine, variedWork(200));
    const lines = await linesOf(engine);
    expect(await importLines(engine, toolwiseLines(streamed(lines)), {})).toMatchObject({ added: 0, bad_count: 0 });
    expect(await linesOf(engine)).toEqual(lines);
  });

  test('is taken in without its bad lines, which are counted and told', async () => {
    const engine = await testEngine();
    const good = { kind: 'execution', session_id: 's', tool_name: 'a', success: true };
    const lines = ['{', '{"kind":"nonsense"}', JSON.stringify({ ...good, recommendation_id: 'nobody' }), JSON.stringify(good), ''];
    const { bad, ...counts } = await importLines(engine, toolwiseLines(streamed(lines)), {});
    expect(counts).toEqual({ lines: 5, added: 1, known: 0, bad_count: 3 });
    expect(bad.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(bad[2]?.reason).toContain('recommendation_id "nobody" is unknown');
    expect(await recompute(engine)).toMatchObject({ ...CLEAN, executions: 1 });
  });

  test('only says what would be added in a dry run', async () => {
    const engine = await testEngine();
    const line = JSON.stringify({ kind: 'execution', session_id: 's', tool_name: 'a', success: true });
    expect(await importLines(engine, toolwiseLines(streamed([line])), { dry_run: true })).toMatchObject({ added: 1 });
    expect((await getToolMetrics(engine, {})).tools).toEqual([]);
  });
});

describe('two databases', () => {
  test('merged are what one would be that saw both in the order of time', async () => {
    let now = Date.UTC(2026, 0, 1);
    const clock = () => now++;
    const [left, right, both] = [await testEngine({ clock }), await testEngine({ clock }), await testEngine({ clock })];
    for (const use of variedWork(300).filter(({ session }) => session !== null)) {
      const at = now;
      await use.run(use.session === 'session 1' ? right : left);
      now = at;
      await use.run(both);
    }
    const merged = await merge(left, right);
    expect(merged.added).toBeGreaterThan(30);
    expect(await seen(left)).toEqual(await seen(both));
    expect(await merge(left, right)).toEqual({ added: 0, known: merged.added });
  });
});
