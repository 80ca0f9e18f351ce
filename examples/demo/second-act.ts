import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SCRIPT, startToolwise, type Toolwise } from '../support/toolwise.ts';
import { type Call, callWay, type Desk } from './agent.ts';
import { showProgress } from './progress.ts';
import type { AskedStep, Task } from './schedule.ts';
import { type Dress, type Servers, startServers } from './servers.ts';
import { companyFolder, fillMemory, fillWorkspace } from './workspace.ts';

const CONVERSATION = 'demo';
const SESSION = `claude-code/${CONVERSATION}`;
/** What the wrapped servers have seen is in the database after so long at the latest, milliseconds. */
const RECORDED_WITHIN_MS = 20_000;

/** The memory is filled through its wrapped server. */
const CALLS_OF_FILLING = 2;

/** What came of the second act. */
export interface Watched {
  readonly calls: readonly Call[];
  /** Calls that are in the database at the end, and those of them that succeeded. */
  readonly recorded: number;
  readonly recorded_successes: number;
}

/**
 * The same servers, each behind `toolwise wrap`, and an agent that knows nothing of toolwise: it calls no tool of it and follows no advice. The
 * client tells the user's prompts to `toolwise hook`, as Claude Code does. Before each call an onlooker asks what toolwise would have ranked,
 * on a server with --read-only, which records nothing.
 */
export async function secondAct(base: string, tasks: readonly Task[]): Promise<Watched> {
  mkdirSync(companyFolder(base), { recursive: true });
  const db = join(base, 'toolwise.db');
  const servers = await startServers(base, wrappedBy(db));
  try {
    fillWorkspace(base, tasks);
    await fillMemory(servers.memory, tasks);
    const onlooker = await startToolwise(db, ['--read-only']);
    try {
      return await watched(tasks, { db, servers, onlooker });
    } finally {
      await onlooker.close();
    }
  } finally {
    await servers.close();
  }
}

interface Stage {
  readonly db: string;
  readonly servers: Servers;
  readonly onlooker: Toolwise;
}

function wrappedBy(db: string): Dress {
  return {
    nameOf: (server, tool) => `mcp__${server}__${tool}`,
    command: ({ name, script, args, env, ...rest }) => ({
      ...rest,
      name,
      script: SCRIPT,
      args: ['wrap', '--db', db, '--name', name, '--', process.execPath, script, ...args],
      env: { ...env, CLAUDE_CODE_SESSION_ID: CONVERSATION },
    }),
  };
}

async function watched(tasks: readonly Task[], stage: Stage): Promise<Watched> {
  const { onlooker, servers } = stage;
  await recordedCalls(onlooker, CALLS_OF_FILLING);
  const before = await metrics(onlooker);
  const available_tools = servers.offered.map(({ name }) => name);
  const calls: Call[] = [];
  for (const [at, task] of tasks.entries()) {
    for (const step of task.steps) calls.push(...(await serve(task, step, { ...stage, available_tools })));
    showProgress(at + 1, tasks.length, calls);
  }
  await recordedCalls(onlooker, before.total + calls.length);
  const after = await metrics(onlooker);
  return { calls, recorded: after.total - before.total, recorded_successes: after.successes - before.successes };
}

/** The user asks, the agent calls: by habit first where it has one, and the right tool when that failed. */
async function serve(task: Task, step: AskedStep, stage: Stage & Pick<Desk, 'available_tools'>): Promise<readonly Call[]> {
  prompt(stage.db, `${task.number}-${step.tool}`, step.query);
  const ways = step.habit === undefined ? [step] : [step.habit, step];
  const calls: Call[] = [];
  for (const way of ways) {
    if (calls.at(-1)?.success === true) break; // a habit may work after all
    const ranking = await wouldRank(step, stage);
    const { args: _args, answer: _answer, ...called } = await callWay(task, { step, way }, stage.servers);
    calls.push({ ...called, ranking, scored: calls.length === 0, right: named(step.tool), called: named(way.tool) });
  }
  return calls;
}

async function wouldRank(step: AskedStep, { onlooker, available_tools }: Pick<Stage, 'onlooker'> & Pick<Desk, 'available_tools'>) {
  const request = { session_id: SESSION, query: step.query, available_tools, top_k: available_tools.length };
  const { recommendations } = await onlooker.ask('recommend_tools', request);
  return recommendations.map((tool) => tool.tool_name);
}

function named(tool: string): string {
  return `mcp__${tool.replace('/', '__')}`;
}

/** What Claude Code does when the user presses Enter. */
function prompt(db: string, prompt_id: string, text: string): void {
  const payload = { session_id: CONVERSATION, hook_event_name: 'UserPromptSubmit', prompt_id, prompt: text, cwd: '/' };
  const { status } = spawnSync(process.execPath, [SCRIPT, 'hook', '--db', db], { input: JSON.stringify(payload) });
  if (status !== 0) throw new Error(`toolwise hook ended with ${status}`);
}

/** Waits until so many calls are in the database. */
async function recordedCalls(onlooker: Toolwise, least: number): Promise<void> {
  for (let waited = 0; (await metrics(onlooker)).total < least; waited += 100) {
    if (waited > RECORDED_WITHIN_MS) throw new Error(`of ${least} calls only ${(await metrics(onlooker)).total} were recorded within 20 s`);
    await sleep(100);
  }
}

async function metrics(onlooker: Toolwise): Promise<{ readonly total: number; readonly successes: number }> {
  const { tools } = await onlooker.ask('get_tool_metrics', { limit: 100 });
  const sum = (of: (tool: (typeof tools)[number]) => number) => tools.reduce((total, tool) => total + of(tool), 0);
  return { total: sum((tool) => tool.total_calls), successes: sum((tool) => tool.success_count) };
}
