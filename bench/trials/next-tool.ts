import { join } from 'node:path';
import { calls, inLanes, oneByOne, type Timed } from '../load.ts';
import { rounds } from '../rounds.ts';
import { inScratch } from '../scratch.ts';
import { BARE_BUNDLED, type Call, start, TOOLWISE } from '../servers.ts';
import { median, medianKnown, quantile } from '../statistics.ts';
import type { Report, Row, Table } from '../trial.ts';
import { toolName, toolNames } from '../workload.ts';

export interface NextToolSize {
  readonly rounds: number;
  /** Calls of each kind a round. */
  readonly calls: number;
}

const CANDIDATES = 500;
/** The reference on another day, over its own API: /work/shared/docs/reference-faults.md. */
const REFERENCE = 'The reference took 332 ms and 998 SQL statements (measured on it, not in this run).';

/** What it costs to ask which of 500 tools usually comes next. */
export async function nextTool(size: NextToolSize, report: Report): Promise<Table> {
  return await inScratch(async (folder) => {
    const toolwise = await start(TOOLWISE, join(folder, 'sequences.db'));
    const bare = await start(BARE_BUNDLED, join(folder, 'none'));
    await inLanes(toolwise, [...calls(fromHub, 0, 2 * CANDIDATES), ...calls(anywhere, 0, 1_000)], 10);
    const subjects = [
      { name: 'toolwise, 500 known followers', client: toolwise, call: (): Call => asked([1, 0]) },
      { name: 'toolwise, a few known followers', client: toolwise, call: (index: number): Call => asked(wandering(index).slice(0, 2)) },
      { name: BARE_BUNDLED.name, client: bare, call: (): Call => ({ name: 'acknowledge', args: { payload: asked([1, 0]).args } }) },
    ];
    for (const { client, call } of subjects) await inLanes(client, calls(call, 0, 100), 1);
    const samples = await rounds(subjects, size.rounds, report, ({ client, call }) => oneByOne(client, calls(call, 0, size.calls)));
    await Promise.all([toolwise.stop(), bare.stop()]);
    return {
      columns: ['p50 ms', 'p99 ms', 'CPU ms a call'],
      rows: subjects.map(({ name }, at) => row(name, samples[at] ?? [])),
      notes: [
        `${size.rounds} rounds of ${size.calls} calls of each kind, ${CANDIDATES} available_tools (about 12 kB a request), two recent tools, top 5.`,
        'Filled through the server with 2,000 episodes (log_episode): after tool 1, tool 0 came each of the 500 tools, twice (the worst case); ' +
          'the other half are 500 walks of eight tools, each taken twice.',
        REFERENCE,
      ],
    };
  });
}

function row(name: string, samples: readonly Timed[]): Row {
  const all = samples.flatMap((sample) => sample.times);
  return { name, values: [median(all), quantile(all, 0.99), medianKnown(samples.map((sample) => sample.cpu_ms))] };
}

function asked(recent: readonly number[]): Call {
  const args = { recent_tools: recent.map(toolName), available_tools: toolNames(CANDIDATES) };
  return { name: 'next_tool_by_sequence', args };
}

function fromHub(index: number): Call {
  return episode(`hub-${index}`, [1, 0, index % CANDIDATES]);
}

function anywhere(index: number): Call {
  return episode(`walk-${index}`, wandering(index));
}

function episode(session_id: string, tools: readonly number[]): Call {
  return { name: 'log_episode', args: { session_id, outcome: 'success', tool_sequence: tools.map(toolName) } };
}

/** Eight tools out of all; walks 500 apart are the same. */
function wandering(index: number): readonly number[] {
  const first = (index % CANDIDATES) * 7;
  return Array.from({ length: 8 }, (_, step) => (first + step * step * 13 + (step > 1 ? index : 0)) % CANDIDATES);
}
