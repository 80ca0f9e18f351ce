import type { Judged } from '../../src/core/evaluation/progressive-validation.ts';
import { DEFAULTS } from '../../src/core/hyperparameters.ts';
import type { Execution, LogEvent } from '../../src/core/learner/log-event.ts';
import type { Entrant } from './entrants.ts';
import { mulberry32, shuffled } from './mulberry32.ts';
import type { Source } from './sources.ts';
import { registrationOf, type Work, type WorkStep, workOf } from './work.ts';

/** A call that every entrant ranked before it saw how it went. `session` names the recorded one, whatever the order. */
export interface Judgement extends Judged {
  /** The session's place in the order, from 0, and how many there were. */
  readonly place: number;
  readonly sessions: number;
  /** What each entrant thought of its own first choice, in [0, 1]; null: it does not say. */
  readonly confidences: readonly (number | null)[];
}

/**
 * Asks every entrant as shared/eval/next-tool.mjs asks the server (its mode `live`): the sessions in an order drawn from `seed`; before
 * each successful call a ranking of the available tools, from the query and the session so far; then all entrants learn from the call.
 * Sessions labelled a failure teach and are not judged. Where the tool called is not ranked at all, its rank is one past the last.
 * Source: Dawid 1984 (prequential); Blum, Kalai & Langford 1999 (progressive validation).
 * @param entrants new ones @param onStep called after each call, judged or not
 */
export function validate(source: Source, seed: number, entrants: readonly Entrant[], onStep: () => void = () => undefined): Judgement[] {
  const pass = new Pass(source, entrants, onStep);
  const numbered = source.sessions.map((session, number) => ({ work: workOf(session), number }));
  const order = shuffled(numbered, mulberry32(seed));
  return order.flatMap(({ work, number }, place) => pass.workThrough(work, { session: String(number), place, sessions: order.length }));
}

type Where = Pick<Judgement, 'session' | 'place' | 'sessions'>;

class Pass {
  readonly #entrants: readonly Entrant[];
  readonly #onStep: () => void;
  /** Some session of the source is said to have failed, so that the others are known not to have. */
  readonly #is_labelled: boolean;
  #calls = 0;

  constructor({ sessions, catalogue }: Source, entrants: readonly Entrant[], onStep: () => void) {
    this.#entrants = entrants;
    this.#onStep = onStep;
    this.#is_labelled = sessions.some((session) => session.outcome === 'failure');
    for (const tool of catalogue) this.#show(registrationOf(tool));
  }

  workThrough(work: Work, where: Where): Judgement[] {
    const { session } = where;
    const is_judged = !(this.#is_labelled && work.outcome === 'failure');
    if (work.request !== null) this.#show({ kind: 'request', session, query: work.request });
    const judged = work.steps.flatMap((step, at) => {
      const judgements = is_judged && step.success ? [this.#judge(work, at, step, where)] : [];
      this.#show(this.#executionOf(step, session, work.available));
      this.#onStep();
      return judgements;
    });
    this.#show({ kind: 'episode', session, outcome: work.outcome, reward: work.reward, tools: work.steps.map((step) => step.tool) });
    return judged;
  }

  #judge({ available, steps }: Work, at: number, { tool, query, repeats }: WorkStep, where: Where): Judgement {
    const recent_tools = steps.slice(0, at).map((step) => step.tool);
    const previous = recent_tools.at(-1);
    const decision = { query, session: where.session, recent_tools, available };
    const rankings = this.#entrants.map((entrant) =>
      entrant.rank(previous === undefined ? decision : { ...decision, previous_tool: previous }),
    );
    const ranks = rankings.map(({ tools }) => tools.indexOf(tool) + 1 || available.length + 1);
    return { ...where, repeats, ranks, confidences: rankings.map(({ confidence }) => confidence) };
  }

  #executionOf({ tool, success, query, time_ms }: WorkStep, session: string, available: readonly string[]): Execution {
    const reward = success ? DEFAULTS.reward_success : DEFAULTS.reward_failure;
    return { kind: 'execution', seq: this.#calls++, session, tool, success, reward, rating: null, query, available, time_ms };
  }

  #show(event: LogEvent): void {
    for (const entrant of this.#entrants) entrant.observe(event);
  }
}
