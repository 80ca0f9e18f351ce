import { existsSync } from 'node:fs';
import { clientTools } from '../../engine/client-tools.ts';
import { type Engine, openEngine } from '../../engine/engine.ts';
import { recommendTools } from '../../engine/recommend-tools.ts';
import { diagnoseSettings } from '../configure.ts';
import { createLogger } from '../logger.ts';
import type { Configuration } from '../settings/resolve.ts';
import { collect } from '../spool/collect.ts';
import { spoolFolder } from '../spool/folder.ts';
import { hintLine, MOST_NAMED, worthNaming } from './hint-text.ts';

/** Only tools that Claude Code was seen to call are named: the model could not call others. */
const CLIENT = 'claude-code/';

/** Who asks, and for what. */
export interface Prompting {
  /** As it may be kept. */
  readonly prompt: string;
  readonly session_id: string;
  /** Confidence in [0, 1] from which a tool is named. */
  readonly threshold: number;
}

/** What to say, and what is left to do after it was said. */
export interface Hint {
  /** JSON for Claude Code; null: nothing is learned that is sure enough. */
  readonly line: string | null;
  close(): Promise<void>;
}

/**
 * Names the tools that are learned to work for a prompt, after what waits in the spool was taken in.
 * @param flags of the settings, as pairs
 * @throws ConfigurationError or StorageError; nothing is printed
 */
export async function hintFor(prompting: Prompting, flags: readonly string[]): Promise<Hint> {
  const configuration = configurationFrom(flags);
  if (!existsSync(configuration.file)) return { line: null, close: async () => undefined };
  const engine = await openEngine({ ...configuration, clock: Date.now, log: createLogger('silent', () => undefined) });
  try {
    if (!engine.settings.read_only) await collect(engine, spoolFolder(configuration.file));
    return { line: await lineFor(engine, prompting), close: () => engine.close() };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** @throws Error that names what is wrong with the settings */
function configurationFrom(flags: readonly string[]): Configuration {
  const given = new Map<string, string>();
  for (let at = 0; at + 1 < flags.length; at += 2) given.set((flags[at] ?? '').slice(2).replaceAll('-', '_'), flags[at + 1] ?? '');
  const config = given.get('config');
  given.delete('config');
  const { configuration, faults } = diagnoseSettings({ flags: given, config });
  if (configuration === null || faults.length > 0) throw new Error(faults.join('; '));
  return configuration;
}

async function lineFor(engine: Engine, { prompt, session_id, threshold }: Prompting): Promise<string | null> {
  const available_tools = await clientTools(engine, CLIENT);
  if (available_tools.length === 0) return null;
  const asked = { query: prompt, session_id };
  // The first answer is not stored: advice is what was given, and most of this is not.
  const silent = { ...engine, settings: { ...engine.settings, read_only: true } };
  const { recommendations } = await recommendTools(silent, { ...asked, available_tools, top_k: MOST_NAMED });
  const named = worthNaming(recommendations, threshold);
  if (named.length === 0) return null;
  const names = named.map(({ tool_name }) => tool_name);
  await recommendTools(engine, { ...asked, available_tools: names, top_k: names.length });
  return hintLine(named);
}
