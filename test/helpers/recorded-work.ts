import { seededUniform } from '../../src/core/random.ts';
import type { Ranked } from '../../src/core/rankers/evidence.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';

export const WORK_TOOLS = ['mail_send', 'mail_find', 'calendar_add', 'file_read', 'file_write', 'web_search'];
const QUERIES = [
  'send the report to Ann',
  'find the mail of Bob',
  'add a meeting on Friday',
  'read the notes',
  'search the web for trains',
];

/** One thing that is recorded. */
export type Deed = (engine: Engine) => Promise<unknown>;

/** A log of every kind of event, always the same for a seed: descriptions that change, failures, late ratings, episodes. */
export function recordedWork(count: number, seed = 7): readonly Deed[] {
  const uniform = seededUniform(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(uniform() * list.length)] as T;
  const executed: string[] = [];
  const deed = (n: number): Deed => {
    const kind = uniform();
    if (n === 0 || kind < 0.04) return register(pick(WORK_TOOLS), `does work number ${n}: ${pick(QUERIES)}`);
    if (kind < 0.14 && executed.length > 0) return rate(pick(executed), 1 + Math.floor(uniform() * 5));
    const session_id = `session ${Math.floor(uniform() * 4)}`;
    if (kind < 0.2) return conclude(session_id, pick(['success', 'partial', 'failure']));
    executed.push(`call-${n}`);
    const at = Math.floor(uniform() * QUERIES.length);
    const tool_name = uniform() < 0.6 ? (WORK_TOOLS[at] ?? '') : pick(WORK_TOOLS);
    const available_tools = uniform() < 0.3 ? undefined : WORK_TOOLS.slice(0, 4 + Math.floor(uniform() * 3));
    const user_rating = uniform() < 0.1 ? 1 + Math.floor(uniform() * 5) : undefined;
    const call = { session_id, tool_name, available_tools, user_rating, query: QUERIES[at], success: uniform() < 0.7 };
    return (engine) => recordExecution(engine, { ...call, execution_id: `call-${n}`, execution_time_ms: 100 });
  };
  return Array.from({ length: count }, (_, n) => deed(n));
}

function register(name: string, description: string): Deed {
  return (engine) => registerTools(engine, { tools: [{ name, description }] });
}

function rate(execution_id: string, rating: number): Deed {
  return (engine) => submitFeedback(engine, { execution_id, rating, feedback: 'said later' });
}

function conclude(session_id: string, outcome: 'success' | 'partial' | 'failure'): Deed {
  return (engine) => logEpisode(engine, { session_id, outcome, tool_sequence: ['mail_find', 'mail_send'] });
}

export async function recordAll(engine: Engine, deeds: readonly Deed[]): Promise<void> {
  for (const deed of deeds) await deed(engine);
}

/** Every number of the rankings for a few requests, in and out of sessions: two equal ones come from equal learners. Nothing is recorded. */
export async function answersOf(engine: Engine): Promise<readonly (readonly Ranked[])[]> {
  const available = [...WORK_TOOLS, 'never_seen'];
  const sessions = [null, 'session 0', 'session 1', 'session 3'];
  const decisions = sessions.flatMap((session) =>
    [null, 'something never asked', ...QUERIES].map((query) => ({ session, query, available })),
  );
  return await engine.learner.decide(engine.read, async (_, learner) => decisions.map((decision) => learner.rank(decision)));
}
