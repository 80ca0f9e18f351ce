import type { Engine } from '../../engine/engine.ts';
import { submitFeedback } from '../../engine/submit-feedback.ts';
import { type UnratedInput, unratedExecutions } from '../../engine/unrated-executions.ts';

const PAGE = 200;

/** Gives each of the unrated calls that the filter lets through the same stars, newest first. @returns how many, count */
export async function rateAll(
  engine: Engine,
  filter: UnratedInput,
  rating: { readonly rating: number; readonly feedback: string | undefined },
  tell: (done: number) => void,
): Promise<number> {
  let done = 0;
  let before: number | undefined;
  while (done < filter.limit) {
    const { executions } = await unratedExecutions(engine, { ...filter, limit: Math.min(PAGE, filter.limit - done), before });
    if (executions.length === 0) break;
    for (const { execution_id } of executions) {
      await submitFeedback(engine, { execution_id, ...rating });
      done += 1;
      tell(done);
    }
    before = executions.at(-1)?.position;
  }
  return done;
}
