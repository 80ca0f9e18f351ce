import { type Trial, trial } from './trial.ts';
import { fileSize } from './trials/file-size.ts';
import { kills } from './trials/kills.ts';
import { longRun } from './trials/long-run.ts';
import { manyProcesses } from './trials/many-processes.ts';
import { memory } from './trials/memory.ts';
import { nextTool } from './trials/next-tool.ts';
import { pipelined } from './trials/pipelined.ts';
import { recommend } from './trials/recommend.ts';
import { record } from './trials/record.ts';
import { startTogether } from './trials/start-together.ts';
import { startUp } from './trials/start-up.ts';
import { wrap } from './trials/wrap.ts';
import { writesKept } from './trials/writes-kept.ts';

/** Every trial of the bench: its size, its short size for `--quick`, and what its cells should be. */
export const TRIALS: readonly Trial[] = [
  trial({
    name: 'start-up',
    title: 'From spawn to the first tools/list',
    run: startUp,
    full: { starts: 11, rows: 10_000 },
    quick: { starts: 3, rows: 2_000 },
    goals: [
      { row: 'toolwise, new database', column: '× server-memory', bound: 'at most', value: 0.75 },
      { row: 'toolwise, existing database', column: '× server-memory', bound: 'at most', value: 0.75 },
    ],
  }),
  trial({
    name: 'record',
    title: 'record_execution over stdio',
    run: record,
    full: { rounds: 3, calls: 1_000 },
    quick: { rounds: 2, calls: 100 },
    goals: [
      { row: 'toolwise', column: 'p50 ms', bound: 'at most', value: 0.5 },
      { row: 'toolwise', column: 'p99 ms', bound: 'at most', value: 8 },
    ],
  }),
  trial({
    name: 'recommend',
    title: 'recommend_tools over stdio, 50 candidates',
    run: recommend,
    full: { rounds: 10, calls: 100 },
    quick: { rounds: 2, calls: 25 },
    goals: [
      { row: 'toolwise, 1,000 Q rows', column: 'p50 ms', bound: 'at most', value: 1 },
      { row: 'toolwise, 10,000 Q rows', column: 'p50 ms', bound: 'at most', value: 1 },
      { row: 'toolwise, 100,000 Q rows', column: 'p50 ms', bound: 'at most', value: 1 },
      { row: 'toolwise, 100,000 Q rows', column: 'p50 × 1,000 rows', bound: 'at most', value: 1.25 },
    ],
  }),
  trial({
    name: 'next-tool',
    title: 'next_tool_by_sequence over stdio, 500 candidates',
    run: nextTool,
    full: { rounds: 10, calls: 50 },
    quick: { rounds: 2, calls: 20 },
    goals: [
      { row: 'toolwise, 500 known followers', column: 'p50 ms', bound: 'at most', value: 2 },
      { row: 'toolwise, a few known followers', column: 'p50 ms', bound: 'at most', value: 2 },
    ],
  }),
  trial({
    name: 'memory',
    title: 'Resident memory',
    run: memory,
    full: { rounds: 3, calls: 2_000 },
    quick: { rounds: 1, calls: 200 },
    goals: [],
  }),
  trial({
    name: 'file-size',
    title: 'Bytes an execution',
    run: fileSize,
    full: { executions: 10_000 },
    quick: { executions: 400 },
    goals: [],
  }),
  trial({
    name: 'writes-kept',
    title: 'Writes kept',
    run: writesKept,
    full: { at_once: 200, processes: 4, each: 100 },
    quick: { at_once: 200, processes: 4, each: 100 },
    goals: [
      { row: 'toolwise, 200 at once, 1 process', column: 'kept', bound: 'at least', value: 200 },
      { row: 'toolwise, 4 processes × 100, one file', column: 'kept', bound: 'at least', value: 400 },
    ],
  }),
  trial({
    name: 'many-processes',
    title: 'Many processes, one file',
    run: manyProcesses,
    full: { processes: 8, each: 2_000, few: 100 },
    quick: { processes: 8, each: 20, few: 10 },
    goals: [],
  }),
  trial({
    name: 'kills',
    title: 'Killed while it writes',
    run: kills,
    full: { kills: 200 },
    quick: { kills: 5 },
    goals: [
      { row: 'toolwise', column: 'acknowledged, lost', bound: 'at most', value: 0 },
      { row: 'toolwise', column: 'integrity', bound: 'at least', value: 1 },
    ],
  }),
  trial({
    name: 'pipelined',
    title: '10,000 requests at once',
    run: pipelined,
    full: { requests: 10_000 },
    quick: { requests: 300 },
    goals: [
      { row: 'toolwise, get_tool_metrics of one tool', column: 'seconds', bound: 'at most', value: 5 },
      { row: 'toolwise, recommend_tools', column: 'seconds', bound: 'at most', value: 5 },
    ],
  }),
  trial({
    name: 'start-together',
    title: 'Eight starts at once on a new file',
    run: startTogether,
    full: { processes: 8, rounds: 8 },
    quick: { processes: 8, rounds: 1 },
    goals: [{ row: 'toolwise', column: 'errors', bound: 'at most', value: 0 }],
  }),
  trial({
    name: 'wrap',
    title: 'What wrap adds',
    run: wrap,
    full: { rounds: 5, calls: 1_000 },
    quick: { rounds: 1, calls: 100 },
    goals: [{ row: 'bare SDK server, bundled, wrapped', column: 'added p50 ms', bound: 'at most', value: 0.3 }],
  }),
  trial({
    name: 'long-run',
    title: 'Memory over 100,000 calls',
    run: longRun,
    full: { looks: [10_000, 50_000, 100_000] },
    quick: { looks: [200, 500] },
    goals: [],
  }),
];
