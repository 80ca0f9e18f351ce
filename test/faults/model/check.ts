import { expect } from 'vitest';
import type { StdioClient } from '../../helpers/stdio-client.ts';
import { checkEpisodes, checkExecutions, checkMetrics, checkPolicy, checkStats, type Of } from './expect-read.ts';
import { near } from './expect-record.ts';
import type { Model } from './model.ts';
import { type Read, SESSIONS, TOOLS } from './steps.ts';

async function checkNext(client: StdioClient, model: Model, { kind: _, ...args }: Of<'next'>): Promise<void> {
  const recent = args.recent_tools ?? model.session(args.session_id ?? '').steps.map(({ tool }) => tool);
  const wanted = model.sequences.next(recent, args.available_tools);
  const { recommendations } = await client.ask('next_tool_by_sequence', { ...args, top_k: 50 });
  expect(recommendations.map(({ rank }) => rank)).toEqual(recommendations.map((_entry, at) => at + 1));
  if (wanted === null) return;
  expect(recommendations.map(({ sequence_score }) => sequence_score)).toEqual(wanted.map(({ sequence_score }) => near(sequence_score)));
  for (const { tool_name, ...numbers } of wanted) {
    const entry = recommendations.find((each) => each.tool_name === tool_name);
    expect(entry, tool_name).toMatchObject(Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, near(value)])));
  }
}

async function checkSuggestion(client: StdioClient, model: Model, { tool_name, partial_args = {} }: Of<'suggest'>): Promise<void> {
  const calls = model.executions.filter((call) => call.tool === tool_name && call.success && call.arguments !== null);
  const told = await client.ask('suggest_parameters', { tool_name, partial_args });
  expect(told.sample_size).toBe(Math.min(100, calls.length));
  expect(told.suggested_params).toMatchObject(partial_args);
  const values = calls.map((call) => call.arguments ?? {});
  const open = new Set(values.flatMap((value) => Object.keys(value)).filter((name) => !Object.hasOwn(partial_args, name)));
  expect(told.parameters.map(({ name }) => name).toSorted()).toEqual([...open].toSorted());
  for (const { name, value, support, share } of told.parameters) {
    expect(support, name).toBe(values.filter((each) => each[name] === value).length);
    expect(Object.hasOwn(told.suggested_params, name), `${name} has a share of ${share}`).toBe(share >= 0.5);
    if (share >= 0.5) expect(told.suggested_params[name]).toEqual(value);
  }
}

export type Shown = Exclude<Read, { readonly kind: 'repeat' | 'bad' }>;

/** Asks, and compares the answer with what the model knows. */
export async function checkRead(client: StdioClient, model: Model, step: Shown): Promise<void> {
  if (step.kind === 'next') await checkNext(client, model, step);
  else if (step.kind === 'suggest') await checkSuggestion(client, model, step);
  else if (step.kind === 'metrics') await checkMetrics(client, model, step);
  else if (step.kind === 'policy') await checkPolicy(client, model, step);
  else if (step.kind === 'executions') await checkExecutions(client, model, step);
  else if (step.kind === 'episodes') await checkEpisodes(client, model, step);
  else await checkStats(client, model, step);
}

/** Everything that can be asked. */
export async function checkAll(client: StdioClient, model: Model): Promise<void> {
  const limit = 50;
  const all: readonly Shown[] = [
    { kind: 'stats', window: 10_000 },
    { kind: 'metrics', limit },
    { kind: 'policy', limit },
    { kind: 'executions', limit },
    { kind: 'episodes', limit, successful: true },
    { kind: 'episodes', limit, successful: false },
    ...SESSIONS.map((session_id) => ({ kind: 'next' as const, session_id })),
    ...TOOLS.map((tool) => ({ kind: 'next' as const, recent_tools: [tool] })),
    ...TOOLS.map((tool_name) => ({ kind: 'suggest' as const, tool_name })),
  ];
  for (const step of all) await checkRead(client, model, step);
}
