import type { Arguments } from '../../examples/support/server.ts';
import type { Answers, Toolwise } from '../../examples/support/toolwise.ts';
import type { RecordedSession, RecordedStep } from './sources.ts';

/** A toolwise that also keeps what an agent tells it of its calls, a session an episode, in the shape of {@link RecordedSession}. */
export class Recording implements Toolwise {
  readonly #toolwise: Toolwise;
  readonly #available_tools: readonly string[];
  readonly #steps = new Map<unknown, RecordedStep[]>();
  readonly #sessions: RecordedSession[] = [];

  /** @param available_tools of every session */
  constructor(toolwise: Toolwise, available_tools: readonly string[]) {
    this.#toolwise = toolwise;
    this.#available_tools = available_tools;
  }

  async ask<Name extends keyof Answers>(tool: Name, args: Arguments = {}): Promise<Answers[Name]> {
    if (tool === 'record_execution') this.#addStep(args);
    if (tool === 'log_episode') this.#conclude(args);
    return await this.#toolwise.ask(tool, args);
  }

  close(): Promise<void> {
    return this.#toolwise.close();
  }

  /** The sessions that ended, in the order in which they did. */
  sessions(): readonly RecordedSession[] {
    return this.#sessions;
  }

  /** Neither arguments nor results: they are not used, and may name the machine's own folders. */
  #addStep({ session_id, tool_name, success, execution_time_ms, query }: Arguments): void {
    const step: RecordedStep = {
      tool_name: String(tool_name),
      success: success === true,
      query: String(query),
      execution_time_ms: Math.round(Number(execution_time_ms)),
    };
    this.#steps.set(session_id, [...(this.#steps.get(session_id) ?? []), step]);
  }

  #conclude({ session_id, outcome }: Arguments): void {
    const steps = this.#steps.get(session_id) ?? [];
    const query = steps[0]?.query ?? '';
    this.#sessions.push({ query, available_tools: this.#available_tools, steps, outcome: outcome as 'success' });
  }
}
