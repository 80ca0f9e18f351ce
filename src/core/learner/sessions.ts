import type { Catalogue, Tool } from './catalogue.ts';
import { type Moment, momentOf, type Step } from './moment.ts';
import { cut, NO_QUERY, type QueryCache } from './query.ts';

const CAPACITY = 1_000;
/** Steps looked back at; older ones of a long session fade. */
export const LONGEST_HISTORY = 64;
/** Requests looked back at. */
const LONGEST_EARLIER = 3;

/** What was observed of a session. */
export interface Session {
  readonly id: number;
  /** Texts, newest first; the first is the current one. */
  queries: readonly string[];
  /** Requests so far, count. */
  turn: number;
  steps: readonly Step[];
}

type SavedSession = readonly [name: string, id: number, queries: readonly string[], turn: number, steps: readonly SavedStep[]];
type SavedStep = readonly [tool: string, success: boolean, turn: number, request: number, taught: boolean];

/** The sessions of the log that are still open; the one longest unused gives way. */
export class Sessions {
  readonly #queries: QueryCache;
  readonly #sessions = new Map<string, Session>();
  #count = 0;

  constructor(queries: QueryCache) {
    this.#queries = queries;
  }

  find(name: string): Session | undefined {
    return this.#sessions.get(name);
  }

  /** The session, which is now the latest, at this query: its turn goes on where it asks the same or nothing, else a new one begins. */
  touch(name: string, query: string | null): Session {
    const session = this.#sessions.get(name) ?? { id: ++this.#count, queries: [], turn: 0, steps: [] };
    Object.assign(session, turnOf(session, query));
    this.#sessions.delete(name);
    this.#sessions.set(name, session);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size > CAPACITY) this.#sessions.delete(oldest);
    return session;
  }

  remove(name: string): void {
    this.#sessions.delete(name);
  }

  /** What comes next in a session, as it was observed. */
  moment(session: Session, candidates: readonly Tool[], query: string | null = null): Moment {
    const { queries, turn } = turnOf(session, query);
    const [current, ...earlier] = queries.map((text) => this.#queries.parse(text));
    return momentOf({ query: current ?? NO_QUERY, earlier, turn, session: session.id, candidates, history: session.steps });
  }

  /** What comes next after tools that were not observed, all taken to have succeeded for this query. */
  imagined(recent: readonly Tool[], candidates: readonly Tool[], query: string | null): Moment {
    const history = recent.slice(-LONGEST_HISTORY).map((tool) => ({ tool, success: true, turn: 1, request: 0, taught: false }));
    return momentOf({
      query: query === null ? NO_QUERY : this.#queries.parse(query),
      earlier: [],
      turn: 1,
      session: 0,
      candidates,
      history,
    });
  }

  save(): { readonly count: number; readonly sessions: readonly SavedSession[] } {
    const sessions = Array.from(this.#sessions, ([name, { id, queries, turn, steps }]): SavedSession => {
      return [
        name,
        id,
        queries,
        turn,
        steps.map((step): SavedStep => [step.tool.name, step.success, step.turn, step.request, step.taught]),
      ];
    });
    return { count: this.#count, sessions };
  }

  load({ count, sessions }: ReturnType<Sessions['save']>, catalogue: Catalogue): void {
    this.#count = count;
    for (const [name, id, queries, turn, saved] of sessions) {
      const steps = saved.map(
        ([tool, success, of_turn, request, taught]): Step => ({ tool: catalogue.find(tool), success, turn: of_turn, request, taught }),
      );
      this.#sessions.set(name, { id, queries, turn, steps });
    }
  }
}

function turnOf({ queries, turn }: Session, query: string | null): Pick<Session, 'queries' | 'turn'> {
  const asked = query === null ? null : cut(query);
  if (asked === null || asked === queries[0]) return { queries, turn };
  return { queries: [asked, ...queries.slice(0, LONGEST_EARLIER)], turn: turn + 1 };
}

export function addStep(session: Session, step: Step): void {
  session.steps = [...session.steps.slice(1 - LONGEST_HISTORY), step];
}

/** Whether the tools that the caller names are the latest that were observed; one that names fewer or none agrees. */
export function agrees(session: Session, recent: readonly string[]): boolean {
  if (session.steps.length === 0) return recent.length === 0;
  const observed = session.steps.slice(-recent.length || session.steps.length).map((step) => step.tool.name);
  return recent.slice(-observed.length || recent.length).every((name, at) => name === observed[at]);
}
