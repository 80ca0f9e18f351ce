import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SourceFigures } from './figures.ts';
import { goalsSection, ROUNDS_OF_GOALS } from './goals.ts';
import { judgeSource, sourceSections } from './next-tool.ts';
import { type Options, optionsOf, USAGE } from './options.ts';
import { type Plan, planOf } from './plan.ts';
import { duration, Progress } from './progress.ts';
import { provenance } from './provenance.ts';
import { markdownReport } from './report.ts';
import { routeTrial, routingSection } from './routing/routing.ts';
import { type Section, terminalSection } from './section.ts';

/**
 * `npm run bench:quality`: does toolwise learn? The next-tool protocol with its baselines, ablations and calibration on the demo's recorded
 * sessions and on the shared ones where present, then routing under bandit feedback. Tables on stdout, progress on stderr;
 * bench/quality/RESULTS.md with `--write`. A goal that is not met is a finding, not a failure.
 */

const RESULTS = fileURLToPath(new URL('RESULTS.md', import.meta.url));

try {
  const options = optionsOf(process.argv.slice(2));
  run(options, planOf(options));
} catch (error) {
  process.stderr.write(`bench:quality: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exitCode = 1;
}

function run(options: Options, plan: Plan): void {
  const begun = provenance(process.argv.slice(2));
  const progress = new Progress(plan.work);
  const sections: Section[] = [];
  for (const notice of plan.notices) process.stderr.write(`${notice}\n`);
  for (const section of sectionsOf(options, plan, progress)) {
    progress.clear();
    process.stdout.write(terminalSection(section));
    sections.push(section);
  }
  const took = duration(progress.elapsed());
  if (options.write) writeFileSync(RESULTS, markdownReport([...begun, ['took', took]], sections));
  process.stderr.write(`took ${took}${options.write ? `; written to ${RESULTS}` : ''}\n`);
}

/** Each as soon as it is known. */
function* sectionsOf({ order_seeds, routing_seeds: seeds, rounds }: Options, plan: Plan, progress: Progress): Generator<Section> {
  const judged: SourceFigures[] = [];
  for (const source of plan.sources) {
    const figures = judgeSource(source, plan.field, order_seeds, progress);
    judged.push(figures);
    yield* sourceSections(figures, plan.field, order_seeds.length);
  }
  const routed = plan.trials.map((trial) => routeTrial(plan.queries, trial, { seeds, rounds }, progress));
  if (routed.length > 0) yield routingSection(routed, seeds, rounds);
  const goals = goalsSection(judged, rounds === ROUNDS_OF_GOALS ? routed : []);
  if (goals !== null) yield goals;
}
