import type { Trx } from '../../store/database.ts';
import type { Entry } from '../../store/log-entries.ts';
import type { Engine } from '../engine.ts';
import { LearnedWith, type LearningSettings, settingsText } from '../learned-with.ts';
import { ReplayCache } from '../replay-cache.ts';
import type { RecordedText } from '../settings.ts';

/**
 * One engine, as it was at the time of each entry: the clock, the ids and the settings are the entry's, and everything runs in the transaction
 * that is handed in.
 */
export class LearnersBySettings {
  readonly #engine: Engine;
  readonly #settings: ReadonlyMap<number, LearningSettings>;
  readonly #recorded_text: RecordedText;
  readonly #made = new Map<string, Engine>();
  #trx: Trx | undefined;
  #entry: Entry | undefined;
  #last_at_ms = 0;

  /**
   * @param settings by the settings_id that entries name; one that is missing means the engine's own
   * @param recorded_text what is kept of texts; entries that come from a database have been through it
   */
  constructor(engine: Engine, settings: ReadonlyMap<number, LearningSettings>, recorded_text: RecordedText = 'full') {
    this.#engine = engine;
    this.#settings = settings;
    this.#recorded_text = recorded_text;
  }

  at(trx: Trx, entry: Entry): Engine {
    this.#trx = trx;
    this.#entry = entry;
    if ('at_ms' in entry) this.#last_at_ms = entry.at_ms;
    const id = 'settings_id' in entry ? entry.settings_id : null;
    const settings = (id === null ? undefined : this.#settings.get(id)) ?? this.#engine.settings;
    const text = settingsText(settings);
    const made = this.#made.get(text) ?? this.#make(settings);
    this.#made.set(text, made);
    return made;
  }

  /** After a rollback: what the failed transaction made does not exist. */
  clear(): void {
    for (const engine of [this.#engine, ...this.#made.values()]) {
      engine.catalogue.clear();
      engine.replay.clear();
      engine.learned_with.clear();
    }
  }

  #make(settings: LearningSettings): Engine {
    const engine = this.#engine;
    const run = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => {
      if (this.#trx === undefined) throw new Error('an entry is told again inside a transaction only');
      return work(this.#trx);
    };
    return {
      ...engine,
      settings: { ...engine.settings, ...settings, recorded_text: this.#recorded_text },
      learned_with: new LearnedWith(settings),
      replay: new ReplayCache(settings.hyperparameters),
      clock: () => this.#last_at_ms,
      newId: () => idOf(this.#entry),
      write: run,
      read: run,
    };
  }
}

function idOf(entry: Entry | undefined): string {
  if (entry?.kind === 'execution') return entry.execution_id;
  if (entry?.kind === 'episode') return entry.episode_id;
  if (entry?.kind === 'recommendation') return entry.recommendation_id;
  throw new Error('an entry of this kind has no id');
}
