import { existsSync } from 'node:fs';
import { type Evaluation, evaluatePolicy } from '../../engine/evaluate-policy.ts';
import { engineSource } from '../engine-source.ts';
import { createLogger } from '../logger.ts';
import { complain, print } from '../output.ts';
import type { Configuration } from '../settings/resolve.ts';
import { colourful, PLAIN } from '../table.ts';
import { ProgressLine } from './evaluate-progress.ts';
import { evaluationText } from './evaluate-text.ts';

/** Prints whether the learned ranking would have done better: tables and a sentence for a person, or JSON. */
export async function evaluate(configuration: Configuration, { json }: { readonly json: boolean }): Promise<void> {
  const line = process.stderr.isTTY ? new ProgressLine((text) => process.stderr.write(text), Date.now) : null;
  const evaluation = await readEvaluation(configuration, (done, total) => line?.tell(done, total)).finally(() => line?.clear());
  const style = process.env['NO_COLOR'] === undefined && process.stdout.isTTY ? colourful(true) : PLAIN;
  if (isMissing(configuration)) complain(`There is no database yet: ${configuration.file} does not exist.`);
  print(json ? JSON.stringify(evaluation, null, 2) : evaluationText(evaluation, style));
}

/** Judges the log without writing; a database that does not exist is an empty log and is not made. @throws StorageError when it cannot be read */
export async function readEvaluation(
  configuration: Configuration,
  progress: (done: number, total: number) => void = () => {},
): Promise<Evaluation> {
  const file = isMissing(configuration) ? ':memory:' : configuration.file;
  const reading = { ...configuration, file, settings: { ...configuration.settings, read_only: true } };
  const source = engineSource(reading, createLogger(configuration.log_level, complain));
  try {
    return await evaluatePolicy(await source.engine(), {}, { progress: async (done, total) => progress(done, total) });
  } finally {
    await source.close();
  }
}

/** Whether the database is to be a file and there is none. */
export function isMissing({ file }: Configuration): boolean {
  return file !== ':memory:' && !existsSync(file);
}
