import { existsSync, readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IN_CONTEXT, Mint, password, SECRETS } from '../../core/redaction/secrets.ts';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { PLACES } from './places.ts';

const start = useServers(afterAll);
const EACH = isLong ? 100 : 17;
const HEAD = 8;

interface Canary {
  readonly kind: string;
  /** What must not be found anywhere. */
  readonly secret: string;
  /** The text that it was planted in. */
  readonly text: string;
}

/** At least 1,000 secrets: those that are told by their looks, those in base64, and passwords that only what stands around them tells. */
function canaries(): readonly Canary[] {
  const mint = new Mint(27);
  const bare = Object.entries(SECRETS).flatMap(([kind, make]) =>
    Array.from({ length: EACH }, () => make(mint)).map((secret) => ({ kind, secret, text: `see ${secret} there` })),
  );
  const hidden = Object.entries(SECRETS)
    .filter(([kind]) => !/card|PEM/.test(kind))
    .map(([kind, make]) => ({ kind: `${kind} in base64`, secret: mint.base64(make(mint)).replace(/=+$/, '') }))
    .map((canary) => ({ ...canary, text: `{"payload":"${canary.secret}"}` }));
  const held = Object.entries(IN_CONTEXT).flatMap(([kind, hold]) =>
    Array.from({ length: EACH }, () => password(mint)).map((secret) => ({ kind, secret, text: hold(secret) })),
  );
  return [...bare, ...hidden, ...held];
}

/** The secret, and of one with several lines each: half of it is one, too. */
function traces({ secret }: Canary): readonly string[] {
  return secret.split('\n').filter((line) => !line.startsWith('-----'));
}

/** The canaries that the bytes hold: one pass, that looks closer where the first characters of one stand. */
function foundIn(planted: readonly Canary[], bytes: Buffer): string[] {
  const byHead = new Map<string, { readonly canary: Canary; readonly trace: string }[]>();
  for (const canary of planted) {
    for (const trace of traces(canary)) byHead.set(trace.slice(0, HEAD), [...(byHead.get(trace.slice(0, HEAD)) ?? []), { canary, trace }]);
  }
  const text = bytes.toString('latin1');
  const found = new Set<string>();
  for (let at = 0; at < text.length; at++) {
    for (const { canary, trace } of byHead.get(text.slice(at, at + HEAD)) ?? []) {
      if (text.startsWith(trace, at)) found.add(`${canary.kind}: ${canary.secret} in ${text.slice(Math.max(0, at - 80), at)}`);
    }
  }
  return [...found];
}

/** The database, its companions, its backup, and the texts inside its base64 columns. */
function bytesOf(db: string): Buffer {
  const backup = `${db}.backup`;
  const database = new Sqlite(db, { readonly: true });
  if (!existsSync(backup)) database.exec(`VACUUM INTO '${backup}'`);
  const snapshots = database.prepare('SELECT payload FROM learner_snapshots').all() as { payload: string }[];
  database.close();
  const files = [db, `${db}-wal`, `${db}-shm`, backup].filter(existsSync).map((file) => readFileSync(file));
  return Buffer.concat([...files, ...snapshots.map(({ payload }) => Buffer.from(payload, 'base64'))]);
}

describe('F27 canary secrets', () => {
  const planted = canaries();
  let client: StdioClient;

  beforeAll(async () => {
    client = await start({ args: ['--toolsets', 'agent,insight,admin'] });
    for (const [n, { text }] of planted.entries()) await PLACES[n % PLACES.length]?.plant(client, text, n);
  }, 600_000);

  it('are 1,000 and more, planted in every place a text can be told', () => {
    expect(planted.length).toBeGreaterThanOrEqual(1000);
    expect(PLACES.length).toBeGreaterThan(15);
  });

  it('F27 none is in the database, its log, its index or its backup while the server runs', () => {
    expect(foundIn(planted, bytesOf(client.db))).toEqual([]);
  });

  it('F27 what was told around them is there', () => {
    const bytes = bytesOf(client.db);
    for (const word of ['there', '[redacted:github-token]', '[redacted:high-entropy]', '[redacted:sensitive-key]', 'planted_tool']) {
      expect(bytes.includes(word), word).toBe(true);
    }
  });

  it('F27 none is shown by history', async () => {
    const items: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: readonly unknown[]; next_cursor: string | null } = await client.ask('get_history', {
        kind: 'executions',
        limit: 500,
        ...(cursor === '' ? {} : { cursor }),
      });
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(foundIn(planted, Buffer.from(JSON.stringify(items)))).toEqual([]);
  });

  it('F27 none is in the database or on stderr when the server has left', async () => {
    await client.end();
    expect(foundIn(planted, bytesOf(client.db))).toEqual([]);
    expect(foundIn(planted, Buffer.from(client.stderr))).toEqual([]);
  });
});
