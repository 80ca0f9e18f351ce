import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLong } from '../../helpers/long.ts';
import { runServer } from '../../helpers/run-server.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { call, FAILING, Peer, recordedIn, spooledIn, wrapped } from './support.ts';

const node = (code: string) => [process.execPath, '-e', code];
const READY = `process.stdout.write('ready\\n');setInterval(()=>{},1000);`;
const SIGNALS = isLong ? (['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const) : (['SIGTERM', 'SIGINT'] as const);

describe('the end of a wrapped server is ours', () => {
  it.each([0, 1, 42])('with exit code %i', async (code) => {
    const peer = new Peer(wrapped(temporaryDatabase(), node(`process.stdout.write('last words');process.exit(${code})`)));
    expect(await peer.exited).toEqual({ code, signal: null });
    expect(peer.stdout.toString()).toBe('last words');
  });

  it('by its own death of a signal', async () => {
    const peer = new Peer(wrapped(temporaryDatabase(), node(`process.kill(process.pid,'SIGTERM');setInterval(()=>{},1000)`)));
    expect(await peer.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it.each(SIGNALS)('%s reaches it, and it may take its time', async (signal) => {
    const code = `process.on('${signal}',()=>setTimeout(()=>{process.stdout.write('bye\\n');process.exit(7)},300));${READY}`;
    const peer = new Peer(wrapped(temporaryDatabase(), node(code)));
    await peer.untilLines(1);
    peer.child.kill(signal);
    expect(await peer.exited).toEqual({ code: 7, signal: null });
    expect(peer.lines()).toEqual(['ready', 'bye']);
  });

  it.each(SIGNALS)('%s that it does not handle ends both', async (signal) => {
    const peer = new Peer(wrapped(temporaryDatabase(), ['/bin/sh', '-c', 'echo ready; exec sleep 60']));
    await peer.untilLines(1);
    peer.child.kill(signal);
    expect(await peer.exited).toEqual({ code: null, signal });
  });

  it('the end of stdin reaches it, and what it says after that reaches the client', async () => {
    const peer = new Peer(
      wrapped(temporaryDatabase(), node(`process.stdin.on('end',()=>setTimeout(()=>console.log('after'),300)).resume()`)),
    );
    expect(await peer.end()).toEqual({ code: 0, signal: null });
    expect(peer.stdout.toString()).toBe('after\n');
  });

  it('the end of its stdout reaches the client while it runs', async () => {
    const peer = new Peer(wrapped(temporaryDatabase(), ['/bin/sh', '-c', 'echo ready; exec 1>&-; exec sleep 60']));
    await new Promise((resolve) => peer.child.stdout.on('end', resolve));
    expect(peer.child.exitCode).toBe(null);
    peer.child.kill('SIGTERM');
    expect(await peer.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('a client that closes our stdout: it gets no more input, then signals', async () => {
    const peer = new Peer(
      wrapped(
        temporaryDatabase(),
        node(`process.on('SIGTERM',()=>{});setInterval(()=>process.stdout.write('x\\n'),20);process.stdout.on('error',()=>{})`),
      ),
    );
    await peer.untilLines(1);
    peer.child.stdout.destroy();
    expect(await peer.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('its stderr is ours, and stays a blocking pipe', async () => {
    const lines = 20_000;
    const peer = new Peer(
      wrapped(temporaryDatabase(), [
        '/bin/sh',
        '-c',
        `i=0; while [ $i -lt ${lines} ]; do echo "line $i of what it has to say" >&2 || exit 9; i=$((i+1)); done`,
      ]),
    );
    peer.child.stderr.pause();
    setTimeout(() => peer.child.stderr.resume(), 500);
    expect(await peer.exited).toEqual({ code: 0, signal: null });
    expect(peer.stderr.split('\n')).toHaveLength(lines + 1);
  });
});

describe('a call that is not answered', () => {
  const UNANSWERED = { success: false, error_message: 'the server ended before it answered', arguments: { n: 1 } };
  /** Reads a call, waits, and goes. */
  const going = (last: string) => node(`process.stdin.once('data',()=>setTimeout(()=>{${last}},200))`);

  it.each([
    ['exits', going('process.exit(3)')],
    ['is killed', going(`process.kill(process.pid,'SIGKILL')`)],
    ['exits, while what it started holds its stdout open', ['/bin/sh', '-c', 'sleep 3 & read line; sleep 0.2; exit 3']],
  ])('has failed when the server %s', async (_how, command) => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, command));
    peer.send(call(1));
    await peer.exited;
    expect(spooledIn(db)).toMatchObject([{ kind: 'call', tool_name: 'work', ...UNANSWERED }, { kind: 'end' }]);
    const [told] = spooledIn(db);
    expect(told?.kind === 'call' ? told.execution_time_ms : null).toBeGreaterThan(100);
  });

  it('has failed when the server closes its stdout, before the client sees that', async () => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, ['/bin/sh', '-c', 'read line; exec 1>&-; exec sleep 60']));
    peer.send(call(1));
    await new Promise((resolve) => peer.child.stdout.on('end', resolve));
    expect(spooledIn(db)).toMatchObject([{ kind: 'call', ...UNANSWERED }]);
    peer.child.kill('SIGTERM');
    await peer.exited;
  });

  it.each<[string, (peer: Peer) => void]>([
    ['closed our stdin', (peer) => peer.child.stdin.end()],
    ['closed our stdout', (peer) => peer.child.stdout.destroy()],
    ['sent SIGTERM', (peer) => peer.child.kill('SIGTERM')],
  ])('is not recorded when the client %s', async (_how, leave) => {
    const db = temporaryDatabase();
    const server = `process.stdin.on('end',()=>process.exit(0)).once('data',()=>setInterval(()=>process.stdout.write('x\\n'),20))`;
    const peer = new Peer(wrapped(db, node(server)));
    peer.send(call(1));
    await peer.untilLines(1);
    leave(peer);
    await peer.exited;
    expect(spooledIn(db)).toEqual([]);
  });
});

describe('a command that cannot be started', () => {
  it('is not found: 127', async () => {
    const { code, stdout, stderr } = await runServer(['wrap', '--', 'no-such-program', 'x'], { input: '' });
    expect({ code, stdout }).toEqual({ code: 127, stdout: '' });
    expect(stderr).toBe('toolwise wrap: "no-such-program" was not found; give a program that is on the PATH, or its full path\n');
  });

  it('is no program: 126', async () => {
    const { code, stderr } = await runServer(['wrap', '--', temporaryDirectory()], { input: '' });
    expect(code).toBe(126);
    expect(stderr).toMatch(/^toolwise wrap: ".*" cannot be started \(.*\); is it a program that you may run\?\n$/);
  });

  it('is not given: 2, and help is on stdout', async () => {
    expect(await runServer(['wrap', 'npx'], { input: '' })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^toolwise wrap: .*--/),
    });
    expect(await runServer(['wrap', '--db', ':memory:', '--', 'x'], { input: '' })).toMatchObject({ code: 2, stdout: '' });
    expect(await runServer(['wrap', '--help'], { input: '' })).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('-- command'),
    });
  });
});

describe('a database that does not work costs only the recording', () => {
  async function expectRelayed(db: string, flags: readonly string[] = []): Promise<string> {
    const peer = new Peer(wrapped(db, [process.execPath, FAILING], flags));
    for (let n = 1; n <= 5; n += 1) {
      peer.send(call(n));
      await peer.untilLines(n);
    }
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await peer.end()).toEqual({ code: 0, signal: null });
    expect(peer.lines()).toHaveLength(5);
    return peer.stderr;
  }

  it('whose file is no database: the calls stay in the spool, said once', async () => {
    const db = temporaryDatabase();
    writeFileSync(db, 'this is not a database, whatever its name says. '.repeat(100));
    expect(await expectRelayed(db)).toMatch(/^toolwise wrap: .*\(the calls stay in .*-spool until the database can be written; .*\)\n$/);
    expect(spooledIn(db).filter(({ kind }) => kind === 'call')).toHaveLength(5);
  });

  it('whose folder cannot be made: said once', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(await expectRelayed(join(file, 'toolwise.db'))).toMatch(/^toolwise wrap: calls are not recorded \(.*\)[^\n]*\n$/);
  });

  it('whose spool is a file: said once', async () => {
    const db = temporaryDatabase();
    writeFileSync(`${db}-spool`, '');
    expect(await expectRelayed(db)).toMatch(/^toolwise wrap: calls are not recorded \(.*\)[^\n]*\n$/);
  });

  it('whose settings are wrong: said once', async () => {
    const config = join(temporaryDirectory(), 'config.json');
    writeFileSync(config, '{"db": 5}');
    expect(await expectRelayed(temporaryDatabase(), ['--config', join(dirname(config), 'none.json')])).toMatch(
      /^toolwise wrap: calls are not recorded: [^\n]*\n$/,
    );
  });

  it('whose text mode is wrong: said once, and texts are kept as with redacted', async () => {
    const [db, config] = [temporaryDatabase(), join(temporaryDirectory(), 'config.json')];
    writeFileSync(config, '{"recorded_text": "everything"}');
    expect(await expectRelayed(db, ['--config', config])).toMatch(/^toolwise wrap: --recorded-text is "everything"; give none, [^\n]*\n$/);
    expect(recordedIn(db)).toHaveLength(5);
    expect(existsSync(db)).toBe(true);
  });

  it('that was broken and is mended: the calls that waited are taken in', async () => {
    const db = temporaryDatabase();
    mkdirSync(db); // a folder stands where the file should
    await expectRelayed(db);
    expect(existsSync(`${db}-spool`)).toBe(true);
    rmdirSync(db);
    const peer = new Peer(wrapped(db, [process.execPath, FAILING]));
    peer.send(call(6));
    await peer.untilLines(1);
    await peer.end();
    await expect.poll(() => recordedIn(db).length).toBe(6);
  });
});
