import type { Arguments } from '../../support/server.ts';

/** What one task is about. Every task has its own, so that no task finds the work of another one done. */
export interface Thing {
  readonly number: number;
  readonly topic: string;
  /** Files and folders of the workspace, relative to it. */
  readonly file: string;
  readonly other_file: string;
  readonly missing_file: string;
  readonly new_file: string;
  readonly folder: string;
  readonly picture: string;
  readonly report: string;
  readonly minutes: string;
  /** Outside the folder that the filesystem server may touch. */
  readonly private_file: string;
  /** In the knowledge graph from the start, with their company and drink. */
  readonly person: string;
  readonly company: string;
  readonly drink: string;
  /** Not in the knowledge graph yet. */
  readonly newcomer: string;
  readonly language: string;
  readonly city: string;
  /** The name under which the knowledge graph holds the report once the folder has moved away. */
  readonly report_node: string;
}

/** A call that a step can be tried with. */
export interface Way {
  readonly tool: string;
  readonly arguments: (thing: Thing) => Arguments;
}

/** One sub-goal, asked for in one of several phrasings, and the call that serves it. */
export interface Step extends Way {
  /** `{file}` stands for that entry of the thing. */
  readonly ask: readonly string[];
  /** What a hasty agent tries first. It truly fails. */
  readonly habit?: Way;
  /** The call is right and fails all the same: what was asked for does not exist, is forbidden or makes no sense. */
  readonly fails?: true;
}

export interface Intent {
  readonly name: string;
  /** Tasks of this intent in a quarter of the run. */
  readonly times: number;
  /** Only in one half of the run; else in every quarter. */
  readonly half?: 'first' | 'second';
  readonly steps: readonly Step[];
}
