import type { Style } from '../table.ts';
import type { Client } from './clients.ts';
import type { FileChange } from './file-change.ts';

/** One client to set up, or to take toolwise out of. */
export interface Task {
  readonly client: Client;
  /** Name of the server in the client's file. */
  readonly name: string;
  /** The first is that of the server's entry. */
  readonly changes: readonly FileChange[];
  /** Mode of a file that is made. */
  readonly mode_of_new: number;
  readonly force: boolean;
  readonly yes: boolean;
  /** null: nobody is there to answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  readonly style: Style;
  /** What a person types to take it back. */
  readonly undo_command: string;
}
