import { type Engine, openEngine } from '../engine/engine.ts';
import type { Logger } from '../engine/logger.ts';
import type { Configuration } from './settings/resolve.ts';
import { removeFromSpool } from './spool/remove-from-spool.ts';

export interface EngineSource {
  /** The engine, opened at the first call; after a failure the next call tries again. @throws StorageError */
  engine(): Promise<Engine>;
  /** Closes it if it was opened. */
  close(): Promise<void>;
}

interface Opened {
  readonly engine: Engine;
  readonly end: () => Promise<void>;
}

/**
 * Opens the database at first use and not at start: clients start servers only to look at them, several at once.
 * @param onOpened what to do with the engine as long as it is open; its answer ends that
 */
export function engineSource(
  { file, settings }: Configuration,
  log: Logger,
  onOpened: (engine: Engine) => Promise<() => Promise<void>> = async () => async () => {},
): EngineSource {
  let opening: Promise<Opened> | undefined;
  const open = async (): Promise<Opened> => {
    const opened = await openEngine({ file, settings, clock: Date.now, log });
    const engine: Engine = { ...opened, onForgotten: (session_id) => removeFromSpool(opened, session_id) };
    return { engine, end: await onOpened(engine) };
  };
  return {
    engine: () => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        log.error(`the database ${file} could not be opened`);
        throw error;
      });
      return opening.then(({ engine }) => engine);
    },
    close: async () => {
      const opened = await opening?.catch(() => undefined);
      await opened?.end();
      await opened?.engine.close();
    },
  };
}
