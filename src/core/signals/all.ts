import { DescriptionSignal } from './description.ts';
import { LinearSignal } from './linear.ts';
import { ReliabilitySignal } from './reliability.ts';
import { RepetitionSignal } from './repetition.ts';
import { RequestsSignal } from './requests.ts';
import { SequenceSignal } from './sequence.ts';
import type { Signal } from './signal.ts';
import { SimilarRequestsSignal } from './similar-requests.ts';
import { ValueSignal } from './value.ts';

/** What the learner knows tools by. A new signal is one file and one line here. */
export function allSignals(): Signal[] {
  return [
    new LinearSignal(),
    new RequestsSignal(),
    new SimilarRequestsSignal(),
    new DescriptionSignal(),
    new SequenceSignal(),
    new RepetitionSignal(),
    new ValueSignal(),
    new ReliabilitySignal(),
  ];
}
