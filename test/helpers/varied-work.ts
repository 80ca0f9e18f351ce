import { seededUniform } from '../../src/core/random.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { resetExploration } from '../../src/engine/reset-exploration.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { train } from '../../src/engine/train.ts';

export const VARIED_TOOLS = ['mail_send', 'mail_find', 'calendar_add', 'file_read', 'file_write', 'web_search'];
const QUERIES = ['send the report', 'find the mail of Bob', 'add a meeting', 'read the notes', 'search for trains'];

/** A use of toolwise. It is told whose work it is, so that a test can leave a session out. */
export interface Use {
  readonly session: string | null;
  run(engine: Engine): Promise<unknown>;
}

/** Uses of everything that writes, always the same for a seed, and each meaning the same whatever was left out before it. */
export function variedWork(count: number, { seed = 3, sessions = 4 }: { readonly seed?: number; readonly sessions?: number } = {}): Use[] {
  const uniform = seededUniform(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(uniform() * list.length)] as T;
  const executed: { readonly id: string; readonly session: string }[] = [];
  const drawn: { readonly id: string; readonly session: string }[] = [];
  return Array.from({ length: count }, (_, n): Use => {
    const kind = uniform();
    const session = `session ${Math.floor(uniform() * sessions)}`;
    const query = pick(QUERIES);
    const tool_name = pick(VARIED_TOOLS);
    const rating = 1 + Math.floor(uniform() * 5);
    const success = uniform() < 0.7;
    const available_tools = uniform() < 0.4 ? undefined : VARIED_TOOLS.slice(0, 4 + Math.floor(uniform() * 3));
    const old = executed.length === 0 ? undefined : pick(executed);
    const advice = drawn.length === 0 || uniform() < 0.5 ? undefined : pick(drawn);
    const outcome = pick(['success', 'partial', 'failure'] as const);
    const explicit = uniform() < 0.3;
    if (kind < 0.05) {
      return { session: null, run: (engine) => registerTools(engine, { tools: [{ name: tool_name, description: `${query} ${n}` }] }) };
    }
    if (kind < 0.12 && old !== undefined) {
      const feedback = explicit ? 'said later' : undefined;
      return { session: old.session, run: (engine) => submitFeedback(engine, { execution_id: old.id, rating, feedback }) };
    }
    if (kind < 0.2) {
      const given = explicit ? { episode_reward: rating, tool_sequence: [tool_name, 'file_read', `${tool_name}.${n}`] } : {};
      return { session, run: (engine) => logEpisode(engine, { session_id: session, outcome, ...given }).catch(refusedOnly) };
    }
    if (kind < 0.28) return { session, run: (engine) => recommendTools(engine, { session_id: session, query, available_tools, top_k: 3 }) };
    if (kind < 0.31) return { session: null, run: (engine) => recommendTools(engine, { query, top_k: 2 }) };
    if (kind < 0.4) {
      const id = `advice-${n}`;
      drawn.push({ id, session });
      const named = (engine: Engine): Engine => ({ ...engine, newId: () => id });
      return { session, run: (engine) => selectTool(named(engine), { session_id: session, query, available_tools: VARIED_TOOLS }) };
    }
    if (kind < 0.42) return { session: null, run: (engine) => train(engine, { batches: 2, batch_size: 8 }) };
    if (kind < 0.43) return { session: null, run: (engine) => resetExploration(engine) };
    const id = `call-${n}`;
    executed.push({ id, session });
    const recommendation_id = advice?.session === session ? advice.id : undefined;
    const call = { session_id: session, tool_name, success, available_tools, recommendation_id, execution_time_ms: 10 * rating };
    const told = { query: explicit ? undefined : query, user_rating: explicit ? rating : undefined, is_terminal: rating === 5 };
    const texts = {
      arguments: { path: `/tmp/${n}`, depth: rating },
      ...(success ? { result: 'done' } : { error_message: 'no such file' }),
    };
    return { session, run: (engine) => recordExecution(engine, { ...call, ...told, ...texts, execution_id: id }) };
  });
}

export async function useAll(engine: Engine, uses: readonly Use[]): Promise<void> {
  for (const use of uses) await use.run(engine);
}

/** The same work logged with another outcome is refused, which is right. */
function refusedOnly(error: unknown): void {
  if (!(error instanceof Error) || !error.message.includes('was logged with outcome')) throw error;
}
