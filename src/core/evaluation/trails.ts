import type { State } from '../context.ts';
import type { Decision, Execution, LogEvent } from '../learner/log-event.ts';

/** Where a session stands since its last episode. */
interface Trail {
  readonly query: string;
  readonly previous: Pick<Execution, 'tool' | 'success'> | null;
  readonly length: number;
}

const NEW: Trail = Object.freeze({ query: '', previous: null, length: 0 });

/** What the log tells of each session so far: its request, its latest call and how many there were. */
export class Trails {
  readonly #trails = new Map<string, Trail>();

  observe(event: LogEvent): void {
    if (event.kind === 'registration' || event.kind === 'rating') return;
    const trail = this.find(event.session);
    if (event.kind === 'request') this.#trails.set(event.session, { ...trail, query: event.query });
    else if (event.kind === 'episode') this.#trails.set(event.session, { ...NEW, query: trail.query });
    else this.#trails.set(event.session, { query: event.query ?? trail.query, previous: event, length: trail.length + 1 });
  }

  find(session: string): Trail {
    return this.#trails.get(session) ?? NEW;
  }

  /** The state of a decision, where what the caller says wins over what was observed. */
  stateOf({ query, session, previous_tool, recent_tools }: Omit<Decision, 'available'>): State {
    const trail = session === null ? NEW : this.find(session);
    return {
      query: query ?? trail.query,
      previous_tool: previous_tool ?? recent_tools?.at(-1) ?? trail.previous?.tool ?? null,
      session_length: recent_tools?.length ?? trail.length,
    };
  }
}
