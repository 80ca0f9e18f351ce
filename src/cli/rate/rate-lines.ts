import { counted } from '../../core/quote.ts';
import type { Engine } from '../../engine/engine.ts';
import type { SubmitFeedbackOutput } from '../../engine/submit-feedback.ts';
import { ConfigurationError, UserError } from '../../errors.ts';
import { rateOne } from './rate-one.ts';
import { ratingIn } from './read-rating.ts';

/**
 * Rates what the lines say, one after the other, and stops at the first that cannot be done: what came before it stays rated.
 * @param told gets each rating once it is stored
 * @throws ConfigurationError or UserError that names the line and how many were rated before it
 */
export async function rateLines(
  engine: Engine,
  lines: AsyncIterable<string>,
  told: (rated: SubmitFeedbackOutput) => void,
): Promise<number> {
  let number = 0;
  let rated = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      told(await rateOne(engine, ratingIn(line)));
    } catch (error) {
      throw inLine(error, number, rated);
    }
    rated += 1;
  }
  return rated;
}

function inLine(error: unknown, number: number, rated: number): unknown {
  const before = rated === 0 ? 'nothing was rated' : `${counted(rated, 'rating')} before it ${rated === 1 ? 'stays' : 'stay'}`;
  if (error instanceof ConfigurationError) return new ConfigurationError(`line ${number}: ${error.message}; ${before}`);
  if (error instanceof UserError) return new UserError(`line ${number}: ${error.message}; ${before}`);
  return error;
}
