/** What keeps a client's file from being changed. Nothing was written. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
  /** Line of the file, from 1; null: the file as a whole. */
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.line = line;
  }
}

/** Where a value is: names of objects, or the index of an element. */
export type ConfigPath = readonly (string | number)[];

/** Reading and changing the text of a client's file without touching what is not ours. */
export interface ConfigFormat {
  /** undefined: there is none. @throws ConfigProblem when the text cannot be read */
  valueAt(text: string, path: ConfigPath): unknown;
  /** The text with the value there, made with what leads to it; the same text when it is there already. @throws ConfigProblem */
  setValue(text: string, path: ConfigPath, value: unknown): string;
  /** The text without it. @throws ConfigProblem */
  removeValue(text: string, path: ConfigPath): string;
}
