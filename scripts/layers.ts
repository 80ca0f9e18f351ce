import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

/** Checks the import directions of .dependency-cruiser.cjs. A run that saw hardly any module is a failure: it checked nothing. */

const FEWEST_MODULES = 30;

const { output } = await cruise(['src'], await extractOptions('./.dependency-cruiser.cjs'));
if (typeof output === 'string') throw new Error('dependency-cruiser answered with text instead of its result');
const visited = output.modules.filter((module) => module.source.startsWith('src/')).length;
const { violations } = output.summary;
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} → ${to}`);
console.log(`${visited} modules in src, ${violations.length} forbidden imports`);
if (visited < FEWEST_MODULES) console.error(`fewer than ${FEWEST_MODULES} modules: dependency-cruiser did not see the sources`);
process.exitCode = violations.length > 0 || visited < FEWEST_MODULES ? 1 : 0;
