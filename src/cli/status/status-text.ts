import { counted } from '../../core/quote.ts';
import type { StrongSequence } from '../../engine/browse.ts';
import type { LearningStats } from '../../engine/get-learning-stats.ts';
import type { ToolMetrics } from '../../engine/get-tool-metrics.ts';
import { short } from '../../mcp/format.ts';
import { type Column, type Style, table } from '../table.ts';
import type { Status } from './read-status.ts';

const NOTHING =
  'Nothing has been learned yet. Add toolwise to an MCP client (see mcp.json) and let the agent call\nrecommend_tools before and record_execution after each tool call.';

const IN_MEMORY = 'each process has its own, empty at its start';

const TOOL_COLUMNS: readonly Column<ToolMetrics>[] = [
  { title: 'tool', align: 'left', cell: (tool) => tool.tool_name },
  { title: 'calls', align: 'right', cell: (tool) => String(tool.total_calls) },
  { title: 'sessions', align: 'right', cell: (tool) => String(tool.sessions) },
  { title: 'success', align: 'right', cell: (tool) => percent(tool.success_rate) },
  {
    title: '95 % interval',
    align: 'right',
    cell: (tool) => (tool.total_calls === 0 ? '-' : tool.success_interval.map(percent).join(' to ')),
  },
  { title: 'rating', align: 'right', cell: (tool) => number(tool.avg_user_rating, 1) },
  { title: 'mean ms', align: 'right', cell: (tool) => number(tool.avg_execution_time_ms, 0) },
];

const SEQUENCE_COLUMNS: readonly Column<StrongSequence>[] = [
  { title: 'sequence', align: 'left', cell: (sequence) => sequence.tools.join(' -> ') },
  { title: 'episodes', align: 'right', cell: (sequence) => String(sequence.support) },
  { title: 'success', align: 'right', cell: (sequence) => percent(sequence.success_rate) },
  { title: 'mean reward', align: 'right', cell: (sequence) => number(sequence.avg_reward, 2) },
];

/** The readable form of `toolwise status`. @param learned null: there is no database at `file` yet, or it is `:memory:` */
export function statusText(file: string, learned: Status | null, style: Style): string {
  if (learned === null) return `Database    ${file} (${file === ':memory:' ? IN_MEMORY : 'does not exist yet'})\n\n${NOTHING}`;
  const { stats, tools, sequences } = learned;
  const called = tools.filter((tool) => tool.total_calls > 0);
  const sections = [summary(file, stats)];
  if (stats.update_count === 0) sections.push(NOTHING);
  if (called.length > 0) sections.push(`${style.bold('Tools')}, most used first\n${table(TOOL_COLUMNS, called, style)}`);
  if (sequences.length > 0) sections.push(`${style.bold('Strongest sequences')}\n${table(SEQUENCE_COLUMNS, sequences, style)}`);
  return sections.join('\n\n');
}

function summary(file: string, { update_count, metrics, replay, exploration, recommendations }: LearningStats): string {
  const { made, followed, success_when_followed, success_otherwise } = recommendations;
  const rate = `rate ${number(exploration.current_rate, 3)} (from ${short(exploration.initial_rate, 3)}, not below ${short(exploration.min_rate, 3)})`;
  const lines = [
    ['Database', file],
    ['Executions', `${update_count}, mean reward of the latest ${metrics.reward?.count ?? 0}: ${number(metrics.reward?.mean ?? null, 2)}`],
    [
      'Episodes',
      `mean reward of the latest ${metrics.episode_reward?.count ?? 0}: ${number(metrics.episode_reward?.mean ?? null, 2)}, mean length ${number(metrics.episode_length?.mean ?? null, 1)}`,
    ],
    ['Exploration', `${rate}, ${counted(exploration.total_selections, 'selection')}`],
    [
      'Replay',
      `${replay.size} of ${counted(replay.capacity, 'transition')}, ${replay.batches} ${replay.batches === 1 ? 'batch' : 'batches'}`,
    ],
    [
      'Advice',
      `${counted(made, 'recommendation')}, ${followed} followed; success ${percent(success_when_followed)} when followed, ${percent(success_otherwise)} otherwise`,
    ],
  ];
  return lines.map(([label = '', text = '']) => `${label.padEnd(11)} ${text}`).join('\n');
}

function percent(share: number | null): string {
  return share === null ? '-' : `${Math.round(share * 100)} %`;
}

function number(value: number | null, decimals: number): string {
  return value === null ? '-' : value.toFixed(decimals);
}
