import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startToolwise, type Toolwise } from './toolwise.ts';

/** Runs `work` in a new folder under the system's temporary folder, which is removed afterwards, also after Ctrl-C. */
export async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  // The real path, because servers compare paths and /tmp may be a link.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolwise-example-')));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  try {
    return await work(folder);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** Runs `work` with a toolwise on a new database and stops it afterwards. */
export async function withToolwise(work: (toolwise: Toolwise) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const toolwise = await startToolwise(join(folder, 'toolwise.db'));
    try {
      await work(toolwise);
    } finally {
      await toolwise.close();
    }
  });
}
