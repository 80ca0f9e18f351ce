import type { Toolwise } from '../support/toolwise.ts';
import { toolwise as advice, chance, listOrder, popularity, type Ranker, type Run, repetition, type Score, scoreOf } from './baseline.ts';
import { failuresOf, fallsOf } from './failures.ts';
import { cut, heading, percent, table } from './table.ts';

const RIGHT = true;
const SEQUENCES = 5;
const ERROR_WIDTH = 48;
const PHRASE_WIDTH = 44;

/** Writes what the run came to, for a person. */
export async function report(run: Run, toolwise: Toolwise): Promise<void> {
  const parts = [ranks(run), failures(run), falls(run), await sequences(toolwise), await parameters(toolwise), await advised(toolwise)];
  process.stdout.write(`${parts.join('\n')}\n`);
}

function ranks(run: Run): string {
  const scores = (ranker: Ranker) => [scoreOf(ranker, run, 1), scoreOf(ranker, run, 4)];
  const lots = scores(advice).map((score) => chance(score.decisions, run.available_tools.length));
  const rows: [string, Score[]][] = [
    ['toolwise', scores(advice)],
    ['popularity', scores(popularity)],
    ['the previous tool again', scores(repetition)],
    ['the order of the list', scores(listOrder)],
    ['drawing lots', lots],
  ];
  const numbers = ['hit@1', 'hit@3', 'mean rank'].map((title) => ({ title, right: RIGHT }) as const);
  const columns = [{ title: 'first quarter →' }, ...numbers, { title: 'last quarter →' }, ...numbers];
  const title = `Where the right one of ${run.available_tools.length} tools was ranked (${lots.map((lot) => lot.decisions).join(' and ')} decisions)`;
  const lines = rows.map(([name, [first, last]]) => [name, ...cells(first), '', ...cells(last)]);
  return `${heading(title)}\n${table(columns, lines)}\n${newPhrases(run)}`;
}

/** The default ranker knows requests by their words: one phrased as never before shows what is left to learn. */
function newPhrases(run: Run): string {
  const last = run.calls.map((call, at) => ({ call, at })).filter(({ call }) => call.scored && call.task.quarter === 4);
  const fresh = last.filter(({ call, at }) => !run.calls.slice(0, at).some((earlier) => earlier.phrase === call.phrase));
  const right = fresh.filter(({ call }) => call.ranking[0] === call.right);
  return `  ${fresh.length} requests of the last quarter were phrased as never before; of these ${right.length} had the right tool first`;
}

function cells(score: Score | undefined): string[] {
  return score === undefined ? [] : [percent(score.hit_at_1), percent(score.hit_at_3), score.mean_rank.toFixed(1)];
}

function failures(run: Run): string {
  const rows = failuresOf(run.calls).map(({ intent, tool, count, error }) => [intent, tool, String(count), cut(error, ERROR_WIDTH)]);
  const columns = [{ title: 'task' }, { title: 'tool' }, { title: 'times', right: RIGHT }, { title: "the server's words" }] as const;
  return `${heading('What truly failed')}\n${table(columns, rows)}`;
}

function falls(run: Run): string {
  const rows = fallsOf(run.calls).map((fall) => {
    const ranks = `${fall.rank_before} → ${fall.rank_after}`;
    return [
      cut(fall.phrase.replace(/\{\w+\}/g, '…'), PHRASE_WIDTH),
      fall.tool,
      String(fall.failures),
      String(fall.avoided),
      ranks,
      fall.leader,
    ];
  });
  const counts = ['failed', 'then avoided', 'its rank'].map((title) => ({ title, right: RIGHT }) as const);
  const columns = [{ title: 'request' }, { title: 'first tried' }, ...counts, { title: 'first now' }];
  return `${heading('What failed for a request and fell (rank before its first failure → when last asked)')}\n${table(columns, rows)}`;
}

async function sequences(toolwise: Toolwise): Promise<string> {
  const { items } = await toolwise.ask('get_history', { kind: 'successful_sequences', limit: 100 });
  const best = new Map<string, number>();
  for (const { tool_sequence, episode_reward } of items) {
    const sequence = tool_sequence.join(' → ');
    if (tool_sequence.length > 1 && !best.has(sequence)) best.set(sequence, episode_reward);
  }
  const rows = [...best].slice(0, SEQUENCES).map(([sequence, reward]) => [reward.toFixed(1), sequence]);
  const next = await Promise.all(
    [['memory/search_nodes'], ['filesystem/search_files', 'filesystem/read_text_file']].map((tools) => nextAfter(toolwise, tools)),
  );
  return [heading('The strongest sequences'), table([{ title: 'reward', right: RIGHT }, { title: 'tools' }], rows), ...next].join('\n');
}

async function nextAfter(toolwise: Toolwise, recent_tools: readonly string[]): Promise<string> {
  const { recommendations } = await toolwise.ask('next_tool_by_sequence', { recent_tools, top_k: 2 });
  const options = recommendations.map((tool) => `${tool.tool_name} (${percent(tool.probability)}, ${tool.support} tasks)`);
  return `  after ${recent_tools.join(' → ')}: ${options.join(', ') || 'nothing yet'}`;
}

async function parameters(toolwise: Toolwise): Promise<string> {
  const request = { tool_name: 'filesystem/search_files', query: 'Find the note about "holidays"' };
  const { parameters, suggested_params, reason } = await toolwise.ask('suggest_parameters', request);
  const rows = parameters.map(({ name, value, support, share }) => {
    const verdict = Object.hasOwn(suggested_params, name) ? 'suggested' : 'varies';
    return [name, cut(JSON.stringify(value), PHRASE_WIDTH), percent(share), String(support), verdict];
  });
  const columns = [
    { title: 'parameter' },
    { title: 'most frequent value' },
    { title: 'share', right: RIGHT },
    { title: 'calls', right: RIGHT },
  ] as const;
  const title = `Suggested parameters: ${request.tool_name} for ${request.query}`;
  return `${heading(title)}\n${table([...columns, { title: '' }], rows)}\n  ${reason}`;
}

async function advised(toolwise: Toolwise): Promise<string> {
  const { update_count, recommendations } = await toolwise.ask('get_learning_stats');
  const { made, followed, success_when_followed, success_otherwise } = recommendations;
  const outcome = `calls that followed it succeeded ${percent(success_when_followed)}, the others ${percent(success_otherwise)}`;
  return `${heading('Advice and outcome, joined by session')}\n  ${made} answers, ${update_count} calls, ${followed} as advised: ${outcome}`;
}
