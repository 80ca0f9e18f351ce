import { expect } from 'vitest';
import { brokenInvariants, type InvariantOptions } from './invariants.ts';
import { runServer } from './run-server.ts';

let help: Promise<string> | undefined;

/** Whether the built toolwise has this command. */
export async function hasCommand(name: string): Promise<boolean> {
  help ??= runServer(['--help']).then(({ stdout }) => stdout);
  return new RegExp(`^\\s+${name}\\b`, 'm').test(await help);
}

/** What `toolwise doctor` says of the file when it is not content; null: it is, or there is no doctor. */
export async function doctorsComplaint(db: string): Promise<string | null> {
  if (!(await hasCommand('doctor'))) return null;
  const { code, signal, stdout, stderr } = await runServer(['doctor', '--db', db, '--json'], { timeout: 120_000 });
  return code === 0 ? null : `doctor left with ${code ?? signal}: ${stdout.slice(0, 2_000)} ${stderr.slice(0, 1_000)}`;
}

/** The invariants hold, asked by SQL and by the doctor; not by the doctor when an older version wrote, which kept less. */
export async function expectSound(db: string, options: InvariantOptions = {}): Promise<void> {
  expect(brokenInvariants(db, options)).toEqual([]);
  if (options.older_writers !== true) expect(await doctorsComplaint(db)).toBeNull();
}
