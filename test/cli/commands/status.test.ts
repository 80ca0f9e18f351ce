import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mergeSettings } from '../../../src/cli/settings/merge.ts';
import { type Configuration, resolveSettings } from '../../../src/cli/settings/resolve.ts';
import { readStatus } from '../../../src/cli/status/read-status.ts';
import { statusText } from '../../../src/cli/status/status-text.ts';
import { PLAIN } from '../../../src/cli/table.ts';
import { logEpisode } from '../../../src/engine/log-episode.ts';
import { recommendTools } from '../../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../../src/engine/record-execution.ts';
import { temporaryFolder, testEngine } from '../../helpers/engine.ts';

function configuration(file: string): Configuration {
  const merged = mergeSettings({ flags: new Map([['db', file]]), env: {}, file: {}, file_path: '' });
  return resolveSettings(merged, { env: {}, platform: process.platform, home: '/', cwd: '/' });
}

async function text(file: string): Promise<string> {
  return statusText(file, await readStatus(configuration(file)), PLAIN);
}

describe('status', () => {
  it('says that there is no database, and does not make one', async () => {
    const file = join(temporaryFolder(), 'none.db');
    expect(await text(file)).toContain(`${file} (does not exist yet)`);
    expect(await text(file)).toContain('Nothing has been learned yet');
    expect(existsSync(file)).toBe(false);
  });

  it('says that a database in memory holds nothing for it to show', async () => {
    expect(await text(':memory:')).toContain(':memory: (each process has its own, empty at its start)');
    expect(await text(':memory:')).not.toContain('exist');
  });

  it('counts one of a thing in the singular', async () => {
    const engine = await testEngine();
    await recommendTools(engine, { query: 'find it', available_tools: ['search'] });
    expect(await text(engine.file)).toContain('1 recommendation, 0 followed');
  });

  it('says what to do when nothing has been recorded', async () => {
    const { file } = await testEngine();
    expect(await text(file)).toContain('Nothing has been learned yet');
    expect(await text(file)).not.toContain('Tools');
  });

  it('shows tools, sequences and whether advice was followed', async () => {
    const engine = await testEngine();
    for (const session_id of ['a', 'b', 'c']) {
      await recommendTools(engine, { session_id, query: 'find it', available_tools: ['search', 'read'] });
      await recordExecution(engine, { session_id, tool_name: 'search', success: true, execution_time_ms: 40, user_rating: 4 });
      await recordExecution(engine, { session_id, tool_name: 'read', success: session_id !== 'c' });
      await logEpisode(engine, { session_id, outcome: session_id === 'c' ? 'failure' : 'success' });
    }
    const lines = (await text(engine.file)).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^Database {4}\//));
    expect(lines).toContainEqual(expect.stringMatching(/^Executions {2}6, mean reward of the latest 6: \d+\.\d\d$/));
    expect(lines).toContainEqual(expect.stringMatching(/^Advice {6}3 recommendations, [0-3] followed; success/));
    expect(lines).toContainEqual(expect.stringMatching(/^search +3 +3 +100 % +44 % to 100 % +4\.0 +40$/));
    expect(lines).toContainEqual(expect.stringMatching(/^read +3 +3 +67 % +21 % to 94 % +- +-$/));
    expect(lines).toContainEqual(expect.stringMatching(/^search -> read +3 +67 % +-?\d+\.\d\d$/));
    expect(lines.every((line) => line === line.trimEnd())).toBe(true);
  });

  it('is the same as data', async () => {
    const engine = await testEngine();
    await recordExecution(engine, { session_id: 's', tool_name: 'search', success: true });
    expect(JSON.parse(JSON.stringify(await readStatus(configuration(engine.file))))).toMatchObject({
      database: engine.file,
      stats: { update_count: 1 },
      tools: [{ tool_name: 'search', total_calls: 1 }],
      sequences: [],
    });
  });
});
