/** What the thread that takes the spool in is started with. */
export interface CollectorData {
  /** Database and configuration file, as flags. */
  readonly flags: readonly string[];
  readonly folder: string;
  /** Name of our own file in the folder. */
  readonly name: string;
}

/** finish: take in what is left, close the database, and say so. */
export type CollectorOrder = 'collect' | 'finish';

/** After each order. problem: why it was not done; null: done. */
export interface CollectorReport {
  readonly order: CollectorOrder;
  readonly problem: string | null;
  /** Bytes of our own file that were there when taking in began. */
  readonly taken_bytes: number;
}
