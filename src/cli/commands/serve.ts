import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import { createServer } from '../../mcp/server.ts';
import { PATIENCE_AT_SIGNAL_MS, type StdioConnection, serveStdio } from '../../mcp/stdio.ts';
import { VERSION } from '../../version.ts';
import { engineSource } from '../engine-source.ts';
import { createLogger, type PersonLogger } from '../logger.ts';
import { complain } from '../output.ts';
import type { Configuration } from '../settings/resolve.ts';
import { followSpool } from '../spool/follow.ts';

/** How long the database may take to close, milliseconds: it is safe without, and whoever sent a signal waits. */
const CLOSES_WITHIN_MS = 1_000;
const LOOK_FOR_PARENT_EVERY_MS = 200;
/** A client that does not read our stderr gets no more log than this, bytes: it would fill our memory. */
const MOST_UNREAD_LOG = 262_144;

/** Serves MCP on stdin and stdout until stdin ends, a signal comes, the parent dies or stdout breaks; then exits with 0. */
export async function serve(configuration: Configuration): Promise<void> {
  process.stderr.on('error', () => {}); // a client that closed our stderr must not end us
  const log = createLogger(configuration.log_level, (text) => process.stderr.writableLength < MOST_UNREAD_LOG && complain(text));
  if (configuration.file === ':memory:') log.warn('the database is :memory:, what is learned is forgotten at exit');
  const source = engineSource(configuration, log, (engine) => takeFromSpool(engine, log));
  const server = createServer({ version: VERSION, exposure: configuration.exposure, engine: source.engine, log });
  surviveBugs(log);
  const connection = await serveStdio(server, { stdin: process.stdin, stdout: claimStdout() });
  leaveOnSignals(connection);
  leaveWithParent(connection);
  log.info(`version ${VERSION} serves ${configuration.file}`);
  await connection.closed;
  const closing = source.close().catch((error: unknown) => log.error('the database did not close', error));
  await Promise.race([closing, sleep(CLOSES_WITHIN_MS)]);
  process.exit(0);
}

/** What hooks and wrapped servers record is learned from as it comes. */
async function takeFromSpool(engine: Engine, log: PersonLogger): Promise<() => Promise<void>> {
  if (engine.settings.read_only || engine.file === ':memory:') return async () => {};
  const follower = await followSpool(engine, log);
  return () => follower.close();
}

/** From here on `process.stdout` is stderr for everybody else: stdout carries the protocol, whatever a dependency prints. */
function claimStdout(): Writable {
  const { stdout } = process;
  Object.defineProperty(process, 'stdout', { get: () => process.stderr, configurable: true, enumerable: true });
  return stdout;
}

function leaveOnSignals(connection: StdioConnection): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => connection.leave(PATIENCE_AT_SIGNAL_MS));
}

/** A dead parent usually ends our stdin, but not when another process has inherited the other end. */
function leaveWithParent(connection: StdioConnection): void {
  const parent = process.ppid;
  const look = () => process.ppid !== parent && connection.leave(PATIENCE_AT_SIGNAL_MS);
  setInterval(look, LOOK_FOR_PARENT_EVERY_MS).unref();
}

/** A bug in one request must not take the others down; stderr has it. */
function surviveBugs(log: PersonLogger): void {
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', reason));
  process.on('uncaughtException', (error) => log.error('uncaught exception', error));
}
