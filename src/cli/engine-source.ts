import { type Engine, openEngine } from '../engine/engine.ts';
import type { Logger } from '../engine/logger.ts';
import type { Configuration } from './settings/resolve.ts';

export interface EngineSource {
  /** The engine, opened at the first call; after a failure the next call tries again. @throws StorageError */
  engine(): Promise<Engine>;
  /** Closes it if it was opened. */
  close(): Promise<void>;
}

/** Opens the database at first use and not at start: clients start servers only to look at them, several at once. */
export function engineSource({ file, settings }: Configuration, log: Logger): EngineSource {
  let opening: Promise<Engine> | undefined;
  return {
    engine: () => {
      opening ??= openEngine({ file, settings, clock: Date.now, log }).catch((error: unknown) => {
        opening = undefined;
        log.error(`the database ${file} could not be opened`);
        throw error;
      });
      return opening;
    },
    close: async () => {
      const engine = await opening?.catch(() => undefined);
      await engine?.close();
    },
  };
}
