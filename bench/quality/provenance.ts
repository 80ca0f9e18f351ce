import { commit, hardware, load, versionIn } from '../machine.ts';

/** The sources that make a figure; what else changed cannot change one. */
const SOURCES = ['--', 'src', 'bench/quality', ':!bench/quality/RESULTS.md'];

/** What a run must say of itself: pairs of a name and a value. */
export type Provenance = readonly (readonly [name: string, value: string])[];

/** As it is now, at the beginning: the sources that run are those that were loaded. */
export function provenance(args: readonly string[]): Provenance {
  return [
    ['begun', new Date().toISOString()],
    ['command', `\`${commandLine(args)}\``],
    ['machine', hardware()],
    ['load (1 min)', load()],
    ['node', process.version],
    ['toolwise', `${versionIn('package.json')}, ${commit(...SOURCES)}`],
  ];
}

function commandLine(args: readonly string[]): string {
  const by_npm = process.env['npm_lifecycle_event'] === 'bench:quality';
  const program = by_npm ? ['npm run bench:quality', ...(args.length > 0 ? ['--'] : [])] : ['node bench/quality/run.ts'];
  return [...program, ...args].join(' ');
}
