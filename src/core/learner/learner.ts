import { softmax } from '../choice.ts';
import { episodeWorth } from '../episodes.ts';
import { hashText } from '../hashing.ts';
import { seededUniform } from '../random.ts';
import type { Ranked } from '../rankers/evidence.ts';
import { isGood } from '../reward.ts';
import { allSignals } from '../signals/all.ts';
import type { Signal } from '../signals/signal.ts';
import { Calibration, type SavedCalibration } from './calibration.ts';
import { Catalogue, type Tool, UNKNOWN_TOOL } from './catalogue.ts';
import type { Judgement } from './fusion.ts';
import { Ledger } from './ledger.ts';
import { Limits, type SavedLimits } from './limits.ts';
import type { Decision, Episode, Execution, LogEvent, Rating } from './log-event.ts';
import type { Moment } from './moment.ts';
import { Panel, type SavedPanel } from './panel.ts';
import { prospectsOf, type RankedProspect } from './prospects.ts';
import { QueryCache } from './query.ts';
import { addStep, agrees, Sessions } from './sessions.ts';

const PARSED_QUERIES = 256;

/** What a learner knows, as it is stored. */
export interface SavedLearner {
  readonly catalogue: ReturnType<Catalogue['save']>;
  readonly panel: SavedPanel;
  readonly calibration: SavedCalibration;
  readonly sessions: ReturnType<Sessions['save']>;
  readonly ledger: ReturnType<Ledger['save']>;
  readonly limits: SavedLimits;
}

/**
 * Learns from the log which tool comes next, and ranks the candidates of a decision: signals score them, a fusion weighs the signals, a
 * calibration turns the result into a confidence. Deterministic: seed and log decide every number. Memory is bounded by the signals' tables.
 */
export class Learner {
  readonly #seed: number;
  readonly #panel: Panel;
  readonly #calibration = new Calibration();
  readonly #catalogue = new Catalogue();
  readonly #sessions = new Sessions(new QueryCache(PARSED_QUERIES));
  readonly #ledger = new Ledger();
  readonly #limits = new Limits();

  /** @param seed unsigned 32-bit; decides what is rehearsed */
  constructor(seed: number, signals: readonly Signal[] = allSignals()) {
    this.#seed = seed;
    this.#panel = new Panel(signals);
  }

  /** Takes in the next event of the log. */
  observe(event: LogEvent): void {
    switch (event.kind) {
      case 'registration':
        this.#panel.register(this.#catalogue.add(event.tool, event.description, event.input_schema));
        break;
      case 'request':
        this.#sessions.touch(event.session, event.query);
        break;
      case 'execution':
        this.#execute(event);
        break;
      case 'rating':
        this.#rate(event);
        break;
      case 'episode':
        this.#conclude(event);
    }
  }

  /** Every candidate, best first; ties keep the caller's order. Changes nothing that is learned. */
  rank(decision: Decision): Ranked[] {
    const moment = this.#momentOf(decision);
    const judged = this.#panel.judge(moment);
    const p = softmax(judged.scores);
    const order = Array.from(p, (_, at) => at).sort((a, b) => (judged.scores[b] ?? 0) - (judged.scores[a] ?? 0) || a - b);
    return order.map((at) => this.#ranked(moment, judged, p[at] ?? 0, at));
  }

  /** What exploration weighs, in the order of the candidates. */
  prospects(decision: Decision): readonly RankedProspect[] {
    const moment = this.#momentOf(decision);
    return prospectsOf(this.#panel.judge(moment).scores, this.#panel.explore(moment));
  }

  /** The weight of each column in each situation, by `signal.column`. */
  weights(): ReadonlyMap<string, readonly number[]> {
    return this.#panel.weights();
  }

  /** All that was learned, for {@link load}: plain objects, arrays, maps and typed arrays, not copied. */
  save(): SavedLearner {
    return {
      catalogue: this.#catalogue.save(),
      panel: this.#panel.save(),
      calibration: this.#calibration.save(),
      sessions: this.#sessions.save(),
      ledger: this.#ledger.save(),
      limits: this.#limits.save(),
    };
  }

  /** Makes a new learner what the saved one was: from here on both learn and rank the same, bit for bit. */
  load(saved: SavedLearner): void {
    this.#catalogue.load(saved.catalogue);
    for (const tool of this.#catalogue.all()) this.#panel.register(tool);
    this.#panel.load(saved.panel);
    this.#calibration.load(saved.calibration);
    this.#sessions.load(saved.sessions, this.#catalogue);
    this.#ledger.load(saved.ledger);
    this.#limits.load(saved.limits);
  }

  #execute(event: Execution): void {
    for (const name of [event.tool, ...(event.available ?? [])]) {
      if (!this.#catalogue.has(name)) this.#panel.register(this.#catalogue.add(name, null, null));
    }
    const session = this.#sessions.touch(event.session, event.query);
    const moment = this.#sessions.moment(session, this.#candidates(event));
    const { success } = event;
    const taught = this.#learn(event, moment);
    addStep(session, { tool: this.#catalogue.find(event.tool), success, turn: session.turn, request: moment.query.request, taught });
  }

  /** false: its session has taught too much of this. */
  #learn({ session: name, tool, available, success, reward, rating, seq, day = 0 }: Execution, moment: Moment): boolean {
    const chosen = moment.candidates.findIndex((candidate) => candidate.name === tool);
    const good = isGood(success, rating);
    const previous = moment.history.at(-1)?.tool.hash ?? 0;
    const known = { session: hashText(name), request: moment.query.request, previous, tool: hashText(tool), day };
    const admission = this.#limits.admit({ ...known, good });
    if (admission === 'repeated') return false;
    const judged = this.#panel.judge(moment);
    this.#calibrate(judged, chosen, good);
    if (admission === 'seen') return false;
    const uniform = seededUniform(this.#seed, seq);
    this.#panel.learn(judged, { moment, chosen, told: available !== null, success, good, reward, rating, seq, uniform });
    this.#ledger.add(seq, { ...known, success, rating_before: rating, reward_before: reward });
    return true;
  }

  /** A failed call says how likely the best candidate was right only where it was the one that was called. */
  #calibrate({ scores }: Judgement, chosen: number, good: boolean): void {
    const p = softmax(scores);
    const best = p.reduce((most, probability, at) => (probability > (p[most] ?? 0) ? at : most), 0);
    if (good || best === chosen) this.#calibration.observe(p[best] ?? 0, good && best === chosen);
  }

  /** What the call was chosen from. A choice without an alternative was one against a tool that nothing is known of. */
  #candidates({ tool, available }: Execution): Tool[] {
    const names = available === null || available.includes(tool) ? available : [tool, ...available];
    const tools = names === null ? this.#catalogue.all() : names.map((name) => this.#catalogue.find(name));
    return tools.length < 2 ? [...tools, UNKNOWN_TOOL] : tools;
  }

  #rate({ seq, rating, reward }: Rating): void {
    const entry = this.#ledger.find(seq);
    if (entry === undefined) return;
    const was_good = isGood(entry.success, entry.rating_before);
    const good = isGood(entry.success, rating);
    // Evidence that turns against its tool is one more bad outcome that its session teaches; what turns back only takes that away.
    if (was_good && !good && this.#limits.admit({ ...entry, good }) !== 'taught') return;
    this.#ledger.rate(seq, rating, reward);
    this.#panel.correct({ ...entry, seq, rating, reward, was_good, good });
  }

  #conclude({ session: name, outcome, confidence = 1 }: Episode): void {
    const known = this.#sessions.find(name);
    if (known !== undefined) this.#panel.conclude({ session: known.id, worth: episodeWorth(outcome, confidence), steps: known.steps });
    this.#sessions.remove(name);
  }

  #momentOf({ query, session: name, recent_tools, previous_tool, available }: Decision): Moment {
    const candidates = available.map((tool) => this.#catalogue.find(tool));
    const recent = recent_tools ?? (previous_tool === undefined ? [] : [previous_tool]);
    const session = name === null ? undefined : this.#sessions.find(name);
    if (session !== undefined && agrees(session, recent)) return this.#sessions.moment(session, candidates, query);
    const history = recent.map((tool) => this.#catalogue.find(tool));
    return this.#sessions.imagined(history, candidates, query);
  }

  #ranked(moment: Moment, judged: Judgement, p: number, at: number): Ranked {
    const panel = this.#panel;
    const score = judged.scores[at] ?? 0;
    // Few answers show more than the first candidates, so that parts and words are put together where they are read: at once.
    return {
      tool_name: moment.candidates[at]?.name ?? '',
      score,
      confidence: this.#calibration.confidence(p),
      get reason() {
        return panel.reason(moment, panel.parts(judged, at), at);
      },
      value: score,
      get parts() {
        return panel.parts(judged, at);
      },
    };
  }
}
