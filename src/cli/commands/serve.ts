import { createServer } from '../../mcp/server.ts';
import { PATIENCE_AT_SIGNAL_MS, type StdioConnection, serveStdio } from '../../mcp/stdio.ts';
import { VERSION } from '../../version.ts';
import { engineSource } from '../engine-source.ts';
import { createLogger, type PersonLogger } from '../logger.ts';
import type { Configuration } from '../settings/resolve.ts';

/** Serves MCP on stdin and stdout until stdin ends, a signal comes or stdout breaks; then exits with 0. */
export async function serve(configuration: Configuration): Promise<void> {
  process.stderr.on('error', () => {}); // a client that closed our stderr must not end us
  const log = createLogger(configuration.log_level, (text) => process.stderr.write(text));
  if (configuration.file === ':memory:') log.warn('the database is :memory:, what is learned is forgotten at exit');
  const source = engineSource(configuration, log);
  const server = createServer({ version: VERSION, exposure: configuration.exposure, engine: source.engine, log });
  surviveBugs(log);
  const connection = await serveStdio(server, process);
  leaveOnSignals(connection);
  log.info(`version ${VERSION} serves ${configuration.file}`);
  await connection.closed;
  await source.close().catch((error: unknown) => log.error('the database did not close', error));
  process.exit(0);
}

function leaveOnSignals(connection: StdioConnection): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => connection.leave(PATIENCE_AT_SIGNAL_MS));
}

/** A bug in one request must not take the others down; stderr has it. */
function surviveBugs(log: PersonLogger): void {
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', reason));
  process.on('uncaughtException', (error) => log.error('uncaught exception', error));
}
