/** A change of one file of a client that can be made and taken back. */
export interface FileChange {
  readonly file: string;
  /** What is put in or taken out, as a sentence names it. */
  readonly what: string;
  /** Whether ours is in the text, or something else under our name. @throws ConfigProblem when the text cannot be read */
  state(text: string): 'absent' | 'ours' | 'foreign';
  /** The text with ours; the same text when it is there. @throws ConfigProblem */
  put(text: string): string;
  /** The text without ours. @throws ConfigProblem */
  remove(text: string): string;
  /** Puts what `from` holds of ours into `to`. @throws ConfigProblem */
  copy(from: string, to: string): string;
}
