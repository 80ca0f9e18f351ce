import { counted } from '../../core/quote.ts';
import type { Engine } from '../../engine/engine.ts';
import { type Recomputed, recompute } from '../../engine/journal/check.ts';
import type { Progress } from '../../engine/journal/entries.ts';
import { type Finding, note, ok, problem } from './finding.ts';

const CHECK = 'learned values';

/** Learns the log again beside the database and compares: Q-values, sequences, counts, totals. */
export async function valueFindings(engine: Engine, progress: Progress): Promise<readonly [Recomputed | null, Finding]> {
  const recomputed = await recompute(engine, progress);
  return [recomputed, findingOf(recomputed)];
}

function findingOf({ is_comparable, why_not, executions, difference_count }: Recomputed): Finding {
  const limits = is_comparable ? '' : (why_not ?? 'a part of the log is not there any more');
  if (difference_count === 0 && !is_comparable) return note(CHECK, `cannot all be learned again to compare: ${limits}`);
  if (difference_count === 0) return ok(CHECK, `equal to what the log teaches when learned again (${counted(executions, 'execution')})`);
  const differ = difference_count === 1 ? '1 value differs' : `${difference_count} values differ`;
  return problem(CHECK, `${differ} from what the log teaches${limits === '' ? '' : ` (${limits})`}`);
}
