import type { Readable, Writable } from 'node:stream';
import type { Engine } from '../../engine/engine.ts';
import { submitFeedback } from '../../engine/submit-feedback.ts';
import type { UnratedExecution } from '../../engine/unrated-executions.ts';
import { executionText, ratedText } from './rate-text.ts';

/** Where a person types and reads; absent: the terminal. */
export interface Streams {
  readonly input?: Readable;
  readonly output?: Writable;
}

const CHOICES = [
  { value: 5, label: '★★★★★  just right' },
  { value: 4, label: '★★★★   good' },
  { value: 3, label: '★★★    neither' },
  { value: 2, label: '★★     poor' },
  { value: 1, label: '★      wrong' },
  { value: 0, label: 'skip' },
  { value: -1, label: 'stop' },
];

/** Shows the calls one by one and asks for stars. @returns how many were rated, count */
export async function askRatings(engine: Engine, executions: readonly UnratedExecution[], streams: Streams = {}): Promise<number> {
  const prompts = await import('@clack/prompts');
  const { log, select, text, isCancel } = prompts;
  let rated = 0;
  for (const [at, execution] of executions.entries()) {
    log.message(`${at + 1} of ${executions.length}\n${executionText(execution)}`, streams);
    const stars = await select({ message: 'How good was this call?', options: CHOICES, initialValue: 0, ...streams });
    if (isCancel(stars) || stars === -1) break;
    if (stars === 0) continue;
    const words = await text({ message: 'A comment? (Enter for none)', ...streams });
    if (isCancel(words)) break;
    const feedback = words === undefined || words.trim() === '' ? undefined : words;
    log.success(ratedText(await submitFeedback(engine, { execution_id: execution.execution_id, rating: stars, feedback })), streams);
    rated += 1;
  }
  return rated;
}
