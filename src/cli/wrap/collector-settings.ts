import { VERSION } from '../../version.ts';
import type { Given } from '../configure.ts';
import { parseCommandLine } from '../parse.ts';

const wrap = { name: 'wrap', about: '', arguments: [], options: [], run: async () => 0 };

/** What `lightSettings` took for its own, as every other command takes it. @throws ConfigurationError */
export function parseSettings(flags: readonly string[]): Given {
  const invocation = parseCommandLine(['wrap', ...flags], VERSION, [wrap]);
  return invocation.kind === 'run' ? invocation.given : { flags: new Map(), config: undefined };
}
