import { type Evaluation, evaluatePolicy } from '../../engine/evaluate-policy.ts';
import type { Configuration } from '../settings/resolve.ts';
import { isMissing, withEngine } from '../with-engine.ts';

/** Judges the log without writing; a database that does not exist is an empty log and is not made. @throws StorageError when it cannot be read */
export async function readEvaluation(
  configuration: Configuration,
  progress: (done: number, total: number) => void = () => {},
): Promise<Evaluation> {
  const file = isMissing(configuration) ? ':memory:' : configuration.file;
  return await withEngine({ ...configuration, file }, 'read', (engine) =>
    evaluatePolicy(engine, {}, { progress: async (done, total) => progress(done, total) }),
  );
}
