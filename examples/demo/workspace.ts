import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from '../support/server.ts';
import type { Task } from './schedule.ts';
import type { Thing } from './tasks/intent.ts';

const FOLDERS = ['company/notes', 'company/archive', 'company/reports', 'company/pictures', 'company/minutes', 'private'];
// A red dot of 1 × 1 pixel.
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** The folder that the filesystem server may touch. */
export function companyFolder(base: string): string {
  return join(base, 'company');
}

/** Writes the files that the tasks are about. */
export function fillWorkspace(base: string, tasks: readonly Task[]): void {
  const company = companyFolder(base);
  for (const folder of FOLDERS) mkdirSync(join(base, folder), { recursive: true });
  const things = tasks.map((task) => task.thing);
  writeFileSync(join(company, 'notes/contract-0.md'), note('contract', 'nobody'));
  for (const thing of things) {
    mkdirSync(join(company, thing.folder, 'drafts'), { recursive: true });
    writeFileSync(join(company, thing.folder, `plan-${thing.number}.md`), `# Plan\n${'step\n'.repeat(thing.number)}`);
    writeFileSync(join(company, thing.file), note(thing.topic, thing.person));
    writeFileSync(join(company, thing.report), `# Week ${thing.number}\nNothing burned down.\n`);
    writeFileSync(join(company, thing.picture), Buffer.from(PIXEL, 'base64'));
    writeFileSync(join(company, thing.private_file), 'Not for agents.\n');
  }
}

/** Tells the memory server whom the company knows. */
export async function fillMemory(memory: Server, tasks: readonly Task[]): Promise<void> {
  const things = tasks.map((task) => task.thing);
  await must(memory, 'create_entities', { entities: things.map(personOf) });
  const relations = things.map((thing) => ({ from: thing.person, to: thing.company, relationType: 'works for' }));
  await must(memory, 'create_relations', { relations });
}

/** What goes wrong on purpose, half-way: the reports leave the allowed folder, and the memory server takes them over. */
export async function moveReportsAway(base: string, memory: Server, tasks: readonly Task[]): Promise<void> {
  const [inside, outside] = [join(companyFolder(base), 'reports'), join(base, 'private/reports')];
  renameSync(inside, outside);
  symlinkSync(outside, inside, 'junction');
  const entities = tasks.map(({ thing }) => ({ name: thing.report_node, entityType: 'report', observations: ['Nothing burned down.'] }));
  await must(memory, 'create_entities', { entities });
}

function note(topic: string, author: string): string {
  return `# ${topic}\nstatus: draft\nauthor: ${author}\nAll that teh team must know.\n`;
}

function personOf(thing: Thing): object {
  return { name: thing.person, entityType: 'person', observations: [`drinks ${thing.drink}`] };
}

async function must(server: Server, tool: string, args: Readonly<Record<string, unknown>>): Promise<void> {
  const { ok, text } = await server.call(tool, args);
  if (!ok) throw new Error(`the ${server.name} server refused ${tool} while the demo was set up: ${text}`);
}
