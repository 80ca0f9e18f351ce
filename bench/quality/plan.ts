import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Field, workIn } from './next-tool.ts';
import type { Options } from './options.ts';
import { ROUTING_TRIALS, type RoutingTrial } from './routing/routing.ts';
import { type LabelledQuery, readQueries } from './routing/stream.ts';
import { readSource, type Source, sourceNames } from './sources.ts';

/** What a run will do. */
export interface Plan {
  readonly field: Field;
  readonly sources: readonly Source[];
  readonly trials: readonly RoutingTrial[];
  readonly queries: readonly LabelledQuery[];
  /** In calls or rounds seen by an entrant. */
  readonly work: number;
  /** What is left out, and why. */
  readonly notices: readonly string[];
}

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const DEMO_FOLDER = pathOf('data');
/** Data that not everybody has. */
const SHARED = { sessions: '../shared/data/next-tool', routing: '../shared/data/routing' } as const;
const SHARED_SESSIONS = pathOf(`../../${SHARED.sessions}`);
export const ROUTING_FILES = ['train', 'test'].map((part) => pathOf(`../../${SHARED.routing}/banking77.${part}.csv`));

/** @throws Error where a folder or source that was asked for is not there */
export function planOf({ data, sources: wanted, parts, order_seeds, routing_seeds, rounds }: Options): Plan {
  const field = { with_baselines: parts.has('next-tool'), with_ablations: parts.has('ablations') };
  const sources = field.with_baselines || field.with_ablations ? sourcesIn([DEMO_FOLDER, data ?? SHARED_SESSIONS], wanted) : [];
  const is_routable = ROUTING_FILES.every((file) => existsSync(file));
  const trials = parts.has('routing') && is_routable ? ROUTING_TRIALS : [];
  const routing_work = trials.length * routing_seeds.length * rounds;
  if (data !== null && sourceNames(data).length === 0) throw new Error(`there is no <source>.sessions.jsonl in ${data}`);
  return {
    field,
    sources,
    trials,
    queries: trials.length === 0 ? [] : readQueries(ROUTING_FILES),
    work: sources.reduce((sum, source) => sum + workIn(source, field, order_seeds), routing_work),
    notices: [
      ...(data === null && sourceNames(SHARED_SESSIONS).length === 0 ? [`${SHARED.sessions} is not here: only the demo's sessions`] : []),
      ...(parts.has('routing') && !is_routable ? [`${SHARED.routing} is not here: no routing`] : []),
    ],
  };
}

function sourcesIn(folders: readonly string[], wanted: readonly string[] | null): Source[] {
  const found = folders.flatMap((folder) => sourceNames(folder).map((name) => ({ folder, name })));
  const missing = wanted?.find((name) => !found.some((each) => each.name === name));
  if (missing !== undefined) throw new Error(`there is no source "${missing}"; there are ${found.map((each) => each.name).join(', ')}`);
  return found.filter(({ name }) => wanted?.includes(name) ?? true).map(({ folder, name }) => readSource(folder, name));
}
