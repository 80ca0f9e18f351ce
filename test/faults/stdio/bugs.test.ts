import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { expectClosed, preload, RECORD } from './observe.ts';

const start = useServers(); // after each test every line of stdout must be protocol

/** Bugs of ours or of a dependency, each over and over while the server works, and what stderr then says. */
const BUGS: readonly (readonly [string, RegExp])[] = [
  ['Promise.reject(new Error("late"))', /unhandled rejection\nError: late/],
  ['Promise.reject(undefined)', /unhandled rejection\n(?!Error|TypeError)/],
  ['throw new TypeError("bug")', /uncaught exception\nTypeError: bug/],
  ['throw "text\\ntoolwise error: forged"', /uncaught exception\n'text/],
  ['new (require("events"))().emit("error", new Error("lone"))', /uncaught exception\n.*lone/],
];

const asModule = (code: string) => preload(`import{createRequire}from'node:module';const require=createRequire('file:///x.js');${code}`);

/** After SIGUSR2 nothing can be inserted, after the next it can again. */
const BREAKABLE = `import{createRequire}from'node:module';const Database=createRequire(process.argv[1])('better-sqlite3');
  const statement=Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1'));let broken=false;process.on('SIGUSR2',()=>{broken=!broken});
  for(const name of['run','get','all']){const original=statement[name];statement[name]=function(...values){
    if(broken&&/^insert/i.test(this.source))throw new TypeError('secret of /home/me');return original.apply(this,values)}}`;

describe('a bug', () => {
  it('F25 late rejections and exceptions that nobody catches: the server stays up, says so on stderr and answers', async () => {
    const code = BUGS.map(([bug]) => `setInterval(() => { ${bug} }, 10);`).join('');
    const client = await start({ env: { NODE_OPTIONS: asModule(`setTimeout(() => { ${code} }, 500)`) } });
    for (const [, said] of BUGS) await expect.poll(() => client.stderr, { timeout: 10_000 }).toMatch(said);
    for (let n = 0; n < 10; n += 1) await client.ask('record_execution', RECORD);
    await client.ask('recommend_tools');
    expect(client.stderr).not.toMatch(/^toolwise error: forged/m);
    expect((await client.end()).code).toBe(0);
    expectClosed(client.db);
  });

  it('F25 a handler that throws: a general sentence for the agent, the whole of it in the log', async () => {
    const client = await start({ env: { NODE_OPTIONS: preload(BREAKABLE) } });
    await client.ask('record_execution', RECORD);
    client.child.kill('SIGUSR2');
    await expect.poll(async () => (await client.call('record_execution', RECORD)).isError).toBe(true);
    const { content } = await client.call('record_execution', RECORD);
    expect(content[0]?.text).not.toMatch(/secret|\/home|TypeError/);
    expect(client.stderr).toContain('secret of /home/me');
    client.child.kill('SIGUSR2');
    await expect.poll(async () => (await client.call('record_execution', RECORD)).isError).toBeUndefined();
  });
});

const NOISE = `const cp=require('console');setInterval(()=>{console.log('noise');console.table([1]);cp.log('noise');
  process.stdout.write('noise');process.emitWarning('noise','ExperimentalWarning');console.dir({noise:1})},5)`;

describe('stdout carries the protocol and nothing else', () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['under NODE_DEBUG=*', { NODE_DEBUG: '*' }, /STREAM|NET/],
    ['under --trace-warnings', { NODE_OPTIONS: `--trace-warnings ${asModule("process.emitWarning('noise')")}` }, /noise/],
    ['when a dependency prints, by whatever way', { NODE_OPTIONS: asModule(`setTimeout(() => {${NOISE}}, 300)`) }, /noisenoise|noise\n/],
  ])('F25 %s', async (_, env, said) => {
    const client = await start({ env });
    for (let n = 0; n < 20; n += 1) await client.ask('recommend_tools', { query: `request ${n}` });
    await expect.poll(() => client.stderr, { timeout: 10_000 }).toMatch(said);
    await client.ask('record_execution', RECORD);
  });

  it('F25 when the database is broken', async () => {
    const db = temporaryDatabase();
    writeFileSync(db, 'SQLite format 3\u0000 but not really');
    const client = await start({ db });
    expect((await client.call('record_execution', RECORD)).isError).toBe(true);
    expect(await client.result('ping')).toEqual({});
    expect(client.stderr).toContain(db);
  });
});
