import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { complain, print } from '../output.ts';
import { takeSpoolFirst } from '../spool/take-first.ts';
import { styleOfOutput, withProgress } from '../terminal.ts';
import { isMissing } from '../with-engine.ts';

/** Prints whether the learned ranking would have done better: tables and a sentence for a person, or JSON. */
export const evaluateCommand: Command = {
  name: 'evaluate',
  about: 'judge the learned ranking on what was recorded',
  details:
    'Replays the latest 10,000 calls: before each, would the learned ranking, or a simple rule, have put that tool first? Writes nothing.',
  arguments: [],
  options: [JSON_OPTION],
  async run({ given, options }) {
    const { readEvaluation } = await import('../evaluate/read-evaluation.ts');
    const { evaluationText } = await import('../evaluate/evaluation-text.ts');
    const configuration = configure(given);
    await takeSpoolFirst(configuration);
    const evaluation = await withProgress('calls', (tell) => readEvaluation(configuration, tell));
    if (isMissing(configuration)) complain(`There is no database yet: ${configuration.file} does not exist.`);
    print(options.has('--json') ? JSON.stringify(evaluation, null, 2) : evaluationText(evaluation, styleOfOutput()));
    return 0;
  },
};
