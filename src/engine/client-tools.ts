import { toolNamesOfSessions } from '../store/client-tools.ts';
import type { Engine } from './engine.ts';

/** Tools that the sessions of one client called of late, whoever they belong to. @param prefix what its sessions' names begin with: `claude-code/` */
export async function clientTools(engine: Engine, prefix: string): Promise<readonly string[]> {
  return await engine.read((trx) => toolNamesOfSessions(trx, prefix));
}
