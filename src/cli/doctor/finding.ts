import type { Recomputed } from '../../engine/journal/check.ts';

/** ok; a note that asks for nothing; a warning and a problem, which do. */
export type Verdict = 'ok' | 'note' | 'warning' | 'problem';

/** What one check found. */
export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  /** One line. */
  readonly told: string;
}

/** Everything that `toolwise doctor` found, as `--json` prints it. */
export interface Examination {
  /** null: the settings do not even say where the database is. */
  readonly database: string | null;
  readonly findings: readonly Finding[];
  /** Whether nothing of the log was removed by retention. */
  readonly is_whole: boolean;
  /** The first of the values that differ from what the log teaches. */
  readonly differences: Recomputed['differences'];
  readonly difference_count: number;
}

export function ok(check: string, told: string): Finding {
  return { check, verdict: 'ok', told };
}

export function note(check: string, told: string): Finding {
  return { check, verdict: 'note', told };
}

export function warning(check: string, told: string): Finding {
  return { check, verdict: 'warning', told };
}

export function problem(check: string, told: string): Finding {
  return { check, verdict: 'problem', told };
}

/** Whether somebody should do something about it. */
export function isBad({ verdict }: Finding): boolean {
  return verdict === 'warning' || verdict === 'problem';
}

/** What a check finds; one that cannot be made is a problem and not the end of the examination. */
export async function checked(check: string, work: () => Promise<Finding | readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    const found = await work();
    return 'check' in found ? [found] : found;
  } catch (error) {
    return [problem(check, `could not be checked: ${error instanceof Error ? error.message : String(error)}`)];
  }
}
