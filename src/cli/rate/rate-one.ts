import { quoted } from '../../core/quote.ts';
import type { Engine } from '../../engine/engine.ts';
import { type SubmitFeedbackOutput, submitFeedback } from '../../engine/submit-feedback.ts';
import { UserError } from '../../errors.ts';
import type { Rating } from './read-rating.ts';

/** Stores a rating of a person at the command line. @throws UserError when the execution is unknown, with where its id can be seen */
export async function rateOne(engine: Engine, rating: Rating): Promise<SubmitFeedbackOutput> {
  try {
    return await submitFeedback(engine, rating);
  } catch (error) {
    // The remedy of the engine is one for an agent; this is the only mistake that it finds in a rating.
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`execution_id ${quoted(rating.execution_id)} is unknown; see toolwise rate --list`);
  }
}
