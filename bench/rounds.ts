import type { Report } from './trial.ts';

/**
 * Measures every subject once a round, A B C A B C …, so that a busy machine hits all of them; each round starts one further on,
 * so that none is always the first.
 * @returns the samples of each subject, in the order of the rounds
 */
export async function rounds<Subject, Sample>(
  subjects: readonly Subject[],
  count: number,
  report: Report,
  measure: (subject: Subject, round: number) => Promise<Sample>,
): Promise<Sample[][]> {
  const samples = subjects.map((): Sample[] => []);
  for (let round = 0; round < count; round += 1) {
    for (let turn = 0; turn < subjects.length; turn += 1) {
      const at = (round + turn) % subjects.length;
      samples[at]?.push(await measure(subjects[at] as Subject, round));
    }
    report(round + 1, count);
  }
  return samples;
}
