import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DEFAULTS, DOMAIN_KEYWORDS } from '../../../src/core/hyperparameters.ts';
import { openEngine } from '../../../src/engine/engine.ts';
import { recordExecution } from '../../../src/engine/record-execution.ts';
import { STORAGE_DEFAULTS } from '../../../src/engine/settings.ts';
import { callsOf } from '../../helpers/load.ts';
import type { StdioClient } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';

export const NOBODY = 65534;
export const IS_ROOT = process.getuid?.() === 0;
/** A server started with this gives up root's rights before it looks at anything. */
export const AS_NOBODY = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`process.setgroups([]);process.setgid(${NOBODY});process.setuid(${NOBODY})`)}`,
};

/** A closed database with the first `count` calls of a writer. */
export async function recordedDatabase(count: number, writer = 'writer'): Promise<string> {
  const file = temporaryDatabase();
  const engine = await openEngine({
    file,
    clock: Date.now,
    log: console,
    settings: {
      hyperparameters: DEFAULTS,
      domain_keywords: DOMAIN_KEYWORDS,
      seed: 1,
      ranker: 'learned',
      read_only: false,
      ...STORAGE_DEFAULTS,
    },
  });
  for (const call of callsOf(writer, count)) await recordExecution(engine, call);
  await engine.learner.catchUp();
  await engine.close();
  return file;
}

/** A copy of the file alone, or also of what lies beside it, in a folder of its own. */
export function copyOf(file: string, beside: readonly string[] = []): string {
  const copy = temporaryDatabase();
  for (const suffix of ['', ...beside]) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
  return copy;
}

export function sha256Of(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Gives the folder of a database and all in it to nobody. @param modes permissions of the folder and of its files */
export function giveToNobody(file: string, modes: { readonly folder: number; readonly files: number }): void {
  const folder = dirname(file);
  for (const name of readdirSync(folder)) {
    chownSync(join(folder, name), NOBODY, NOBODY);
    chmodSync(join(folder, name), modes.files);
  }
  chownSync(folder, NOBODY, NOBODY);
  chmodSync(folder, modes.folder);
}

/** What a call that must be refused says. */
export async function refusal(client: StdioClient, name: string, args: object): Promise<string> {
  const { isError, content } = await client.call(name, args);
  if (isError !== true) throw new Error(`${name} was not refused: ${content[0]?.text}`);
  return content[0]?.text ?? '';
}

/** Another process that runs SQL on the file and stays in the middle of it. */
export class OtherProcess {
  readonly #child;
  readonly #exited: Promise<unknown>;

  /** Resolves once the statements have run. */
  static async running(file: string, ...statements: readonly string[]): Promise<OtherProcess> {
    const other = new OtherProcess(file, statements);
    await new Promise<void>((resolve, reject) => {
      other.#child.stdout.once('data', () => resolve());
      other.#child.once('exit', (code) => reject(new Error(`the other process left with ${code}`)));
    });
    return other;
  }

  private constructor(file: string, statements: readonly string[]) {
    const driver = createRequire(import.meta.url).resolve('better-sqlite3');
    const code = `const db = new (require(${JSON.stringify(driver)}))(${JSON.stringify(file)});
      for (const sql of ${JSON.stringify(statements)}) { const s = db.prepare(sql); s.reader ? s.get() : s.run(); }
      console.log('ready'); process.stdin.on('end', () => { db.close(); process.exit(0); }).resume();`;
    this.#child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exited = new Promise((resolve) => this.#child.on('exit', resolve));
  }

  /** Ends it, and with it what it held. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#exited;
  }
}
