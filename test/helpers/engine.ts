import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DEFAULTS, DOMAIN_KEYWORDS, type Hyperparameters } from '../../src/core/hyperparameters.ts';
import { type Engine, openEngine } from '../../src/engine/engine.ts';
import type { Logger } from '../../src/engine/logger.ts';
import { type Settings, STORAGE_DEFAULTS } from '../../src/engine/settings.ts';

export interface TestEngineOptions {
  readonly file?: string;
  readonly hyperparameters?: Partial<Hyperparameters>;
  readonly settings?: Partial<Settings>;
  readonly clock?: () => number;
  /** Default: whatever is logged fails the test. */
  readonly log?: Logger;
}

/** A folder that is gone when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolwise-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real engine on a temporary file, with a clock that ticks one millisecond a reading and a fixed seed. */
export async function testEngine(options: TestEngineOptions = {}): Promise<Engine & { readonly file: string }> {
  const file = options.file ?? join(temporaryFolder(), 'test.db');
  let now = Date.UTC(2026, 0, 1);
  const engine = await openEngine({
    file,
    clock: options.clock ?? (() => now++),
    log: options.log ?? { warn: unexpected, error: unexpected },
    settings: {
      hyperparameters: { ...DEFAULTS, ...options.hyperparameters },
      domain_keywords: DOMAIN_KEYWORDS,
      seed: 1,
      ranker: 'learned',
      read_only: false,
      ...STORAGE_DEFAULTS,
      ...options.settings,
    },
  });
  onTestFinished(() => engine.close());
  return { ...engine, file };
}

/** On a busy machine learning may take so long that a person is told; that is no fault. */
function unexpected(message: string): void {
  if (message.startsWith('learning from the log: ')) return;
  throw new Error(`the engine logged: ${message}`);
}
