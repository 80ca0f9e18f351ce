import { HYPERPARAMETERS, type Hyperparameters } from '../core/hyperparameters.ts';
import type { Trx } from '../store/database.ts';
import { internSettings } from '../store/learning-settings.ts';
import type { Settings } from './settings.ts';
import { sha256 } from './tool-catalogue.ts';

/** The settings that decide what a row of the log teaches. */
export type LearningSettings = Pick<Settings, 'hyperparameters' | 'domain_keywords'>;

/** The key under which the database knows the settings of this process: every row that is learned from carries it, so that it can be learned again. */
export class LearnedWith {
  readonly #text: string;
  #id: number | undefined;

  constructor(settings: LearningSettings) {
    this.#text = settingsText(settings);
  }

  async id(trx: Trx): Promise<number> {
    this.#id ??= await internSettings(trx, this.#text, sha256(this.#text));
    return this.#id;
  }

  /** After a rollback: a key made in the failed transaction does not exist. */
  clear(): void {
    this.#id = undefined;
  }
}

/** Settings as text: equal settings give equal texts. */
export function settingsText({ hyperparameters, domain_keywords }: LearningSettings): string {
  const names = Object.keys(HYPERPARAMETERS).toSorted() as (keyof Hyperparameters)[];
  return JSON.stringify({ hyperparameters: Object.fromEntries(names.map((name) => [name, hyperparameters[name]])), domain_keywords });
}
