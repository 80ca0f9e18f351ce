import type { Episode, Execution, LogEvent, Rating } from '../learner/log-event.ts';
import type { Contender } from './contender.ts';
import type { LoggedChoice } from './off-policy.ts';
import { RewardModel } from './reward-model.ts';
import { Trails } from './trails.ts';

/** One choice of the log that every contender ranked before it saw how it went. */
export interface Judged {
  readonly session: string;
  /** The session's previous call took the same tool. */
  readonly repeats: boolean;
  /** Of the tool that was called, for each contender; 1 is first. hit@1 is rank = 1, the reciprocal rank 1/rank. */
  readonly ranks: readonly number[];
}

/** How `select_tool` came to draw the tool of an execution that followed it. */
export interface Draw {
  /** Probability of the drawn tool when it was drawn, in (0, 1]. */
  readonly propensity: number;
  readonly candidates: readonly string[];
}

/** A drawn tool that was called, with what each contender would have chosen in its place. */
export interface JudgedDraw {
  readonly session: string;
  /** One for each contender: its first choice as a target policy. */
  readonly choices: readonly LoggedChoice[];
}

/**
 * Progressive validation: before each execution of the log every contender ranks the tools it had to choose from, then all of them learn
 * from it, so that none is ever judged on what it has seen. Source: Blum, Kalai & Langford 1999; Dawid 1984 (prequential).
 *
 * A choice is judged when it was right, as far as the log says: the call succeeded, it is not the retry of a call of the same tool that
 * had just failed (that choice was made before the failure), and its episode was not labelled a failure. There must have been a choice:
 * at least two tools, the called one among them. Where the log does not say which tools were available, they are those known by then.
 * A drawn tool is judged by its reward, however it went.
 */
export class ProgressiveValidation {
  readonly contenders: readonly Contender[];
  readonly #trails = new Trails();
  readonly #known = new Set<string>();
  readonly #rewards = new RewardModel();
  readonly #judged: Judged[] = [];
  /** Places in #judged of each session's current episode. */
  readonly #open = new Map<string, number[]>();
  readonly #rejected = new Set<number>();
  readonly #draws = new Map<number, JudgedDraw>();

  constructor(contenders: readonly Contender[]) {
    this.contenders = contenders;
  }

  /** Takes in the next event of the log. @param draw what `select_tool` drew the executed tool from; null: it was not drawn */
  observe(event: LogEvent, draw: Draw | null = null): void {
    if (event.kind === 'registration') this.#known.add(event.tool);
    if (event.kind === 'execution') this.#execute(event, draw);
    if (event.kind === 'episode') this.#conclude(event);
    if (event.kind === 'rating') this.#rate(event);
    this.#trails.observe(event);
    for (const contender of this.contenders) contender.observe(event);
  }

  /** The choices judged so far, in the order of the log. */
  judged(): readonly Judged[] {
    return this.#judged.filter((_, at) => !this.#rejected.has(at));
  }

  /** The draws so far, in the order of the log, with their rewards as they stand now. */
  draws(): readonly JudgedDraw[] {
    return [...this.#draws.values()];
  }

  #execute(event: Execution, draw: Draw | null): void {
    const options = [...new Set(draw?.candidates ?? event.available ?? this.#known)];
    const chosen = this.#isJudged(event, options);
    if (chosen || draw !== null) {
      const decision = { query: event.query, session: event.session, available: options };
      const rankings = this.contenders.map((contender) => contender.rank(decision));
      if (chosen) this.#judge(event, rankings);
      if (draw !== null) this.#draws.set(event.seq, this.#judgeDraw(event, draw.propensity, rankings));
    }
    this.#rewards.observe(event);
    for (const tool of [...(event.available ?? []), event.tool]) this.#known.add(tool);
  }

  #isJudged({ session, tool, success }: Execution, options: readonly string[]): boolean {
    const { previous } = this.#trails.find(session);
    const is_retry = previous?.tool === tool && !previous.success;
    return success && !is_retry && options.length > 1 && options.includes(tool);
  }

  #judge({ session, tool }: Execution, rankings: readonly (readonly string[])[]): void {
    const repeats = this.#trails.find(session).previous?.tool === tool;
    const open = this.#open.get(session) ?? [];
    open.push(this.#judged.length);
    this.#open.set(session, open);
    this.#judged.push({ session, repeats, ranks: rankings.map((ranking) => ranking.indexOf(tool) + 1) });
  }

  #judgeDraw({ session, query, tool, reward }: Execution, propensity: number, rankings: readonly (readonly string[])[]): JudgedDraw {
    const predicted = this.#rewards.predict(query, tool);
    const choices = rankings.map(([first = '']) => ({
      propensity,
      reward,
      target_probability: Number(first === tool),
      predicted_reward: predicted,
      predicted_value: this.#rewards.predict(query, first),
    }));
    return { session, choices };
  }

  #conclude({ session, outcome }: Episode): void {
    if (outcome === 'failure') for (const at of this.#open.get(session) ?? []) this.#rejected.add(at);
    this.#open.delete(session);
  }

  #rate({ seq, reward }: Rating): void {
    const draw = this.#draws.get(seq);
    if (draw !== undefined) this.#draws.set(seq, { ...draw, choices: draw.choices.map((choice) => ({ ...choice, reward })) });
  }
}
