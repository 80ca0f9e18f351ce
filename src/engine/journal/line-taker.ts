import { ratedOutcome } from '../../capture/turn-outcome.ts';
import type { Trx } from '../../store/database.ts';
import { lastSpannedSeq } from '../../store/episodes.ts';
import { findExecution, stepsAfter } from '../../store/executions.ts';
import { ensureSeed } from '../../store/learner-snapshots.ts';
import type { Entry, EpisodeEntry } from '../../store/log-entries.ts';
import { atomically } from '../../store/savepoint.ts';
import { findSession } from '../../store/sessions.ts';
import type { AdviceRule } from '../advice.ts';
import type { Engine } from '../engine.ts';
import type { LearningSettings } from '../learned-with.ts';
import type { RecordedText } from '../settings.ts';
import { isKnown } from './known-entries.ts';
import { LearnersBySettings } from './learners-by-settings.ts';
import type { EntryLine, Line } from './lines.ts';
import { relearn } from './relearn.ts';

/** What became of a line; `told`: it is no entry, but says how to read those after it. */
export type Taken = 'added' | 'known' | 'told';

export interface LineTakerOptions {
  /** What is kept of texts; lines of a recorder have been through it. */
  readonly recorded_text: RecordedText;
  /** Only say what would be added: the transactions handed in may be read-only. */
  readonly is_dry?: boolean;
  /** Which advice calls may name. */
  readonly advice_rule: AdviceRule;
}

/** Takes lines into the log, after what is there. What is there already is left alone. */
export class LineTaker {
  readonly #engine: Engine;
  readonly #is_dry: boolean;
  readonly #advice_rule: AdviceRule;
  readonly #settings = new Map<number, LearningSettings>();
  readonly #learners: LearnersBySettings;
  /** A training has no id: it is new where what stands before it is. */
  #was_new = false;

  constructor(engine: Engine, { recorded_text, advice_rule, is_dry = false }: LineTakerOptions) {
    this.#engine = engine;
    this.#is_dry = is_dry;
    this.#advice_rule = advice_rule;
    this.#learners = new LearnersBySettings(engine, this.#settings, recorded_text);
  }

  /**
   * One line; when it throws, nothing of it is in the transaction.
   * @param id for an entry that has none
   * @throws UserError when the line does not fit what is there
   */
  async take(trx: Trx, line: Line, id: string): Promise<Taken> {
    if (line.kind === 'toolwise') {
      if (line.seed !== null && !this.#is_dry) await ensureSeed(trx, line.seed);
      return 'told';
    }
    if (line.kind === 'settings') {
      this.#settings.set(line.settings_id, { hyperparameters: line.hyperparameters, domain_keywords: line.domain_keywords });
      return 'told';
    }
    return await this.#entry(trx, entryOf(line, id, this.#engine.clock()));
  }

  /** After a rollback: what it made does not exist. */
  clear(): void {
    this.#learners.clear();
  }

  async #entry(trx: Trx, entry: Entry): Promise<Taken> {
    const is_new = entry.kind === 'training' ? this.#was_new : !(await isThere(trx, entry));
    const added = is_new && (this.#is_dry || (await this.#learned(trx, entry)));
    this.#was_new = added;
    return added ? 'added' : 'known';
  }

  async #learned(trx: Trx, entry: Entry): Promise<boolean> {
    const told = entry.kind === 'episode' && entry.confidence < 1 ? await withWhatWasSaid(trx, entry) : entry;
    if (told === null) return false;
    try {
      await atomically(trx, () => relearn(this.#learners, trx, told, this.#advice_rule));
      return true;
    } catch (error) {
      this.#learners.clear();
      throw error;
    }
  }
}

/**
 * An outcome that was told from behaviour, beside what was said of the same calls: ratings say more, and where an episode was logged for them
 * already there is nothing left to tell (null).
 */
async function withWhatWasSaid(trx: Trx, entry: EpisodeEntry): Promise<EpisodeEntry | null> {
  const session = await findSession(trx, entry.session_id);
  if (session === undefined) return null;
  const steps = await stepsAfter(trx, session.session_id, await lastSpannedSeq(trx, session.session_id));
  if (steps.length === 0) return null;
  const ratings = steps.flatMap(({ user_rating }) => user_rating ?? []);
  return { ...entry, ...ratedOutcome(ratings) };
}

async function isThere(trx: Trx, entry: Entry): Promise<boolean> {
  if (entry.kind === 'execution') return (await findExecution(trx, entry.execution_id)) !== undefined;
  return await isKnown(trx, entry);
}

/** What the line leaves out: its id, the time, and that an outcome is sure. */
function entryOf(line: EntryLine, id: string, now_ms: number): Entry {
  switch (line.kind) {
    case 'execution':
      return { ...line, execution_id: line.execution_id ?? id, at_ms: line.at_ms ?? now_ms };
    case 'episode':
      return { ...line, episode_id: line.episode_id ?? id, confidence: line.confidence ?? 1, at_ms: line.at_ms ?? now_ms };
    case 'feedback':
      return { ...line, session_id: line.session_id ?? '', at_ms: line.at_ms ?? now_ms };
    case 'training':
      return line;
    default:
      return { ...line, at_ms: line.at_ms ?? now_ms };
  }
}
