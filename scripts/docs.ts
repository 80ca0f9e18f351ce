import { readFileSync, writeFileSync } from 'node:fs';
import type * as z from 'zod';
import { settingDescriptions } from '../src/cli/settings/schema.ts';
import { HYPERPARAMETERS } from '../src/core/hyperparameters.ts';
import { TOOLS } from '../src/mcp/tools/registry.ts';

/**
 * Writes the generated parts of the documents, between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->`.
 * With `--check` it writes nothing and fails where a document differs.
 */

const GENERATED: readonly { readonly file: string; readonly name: string; readonly text: () => string }[] = [
  { file: 'README.md', name: 'tools', text: toolTable },
  { file: 'README.md', name: 'configuration', text: configurationTable },
  { file: 'docs/algorithms.md', name: 'hyperparameters', text: hyperparameterTable },
];

const check = process.argv.includes('--check');
for (const { file, name, text } of GENERATED) {
  const before = readFileSync(file, 'utf8');
  const after = replaced(before, file, name, text());
  if (after === before) continue;
  if (!check) writeFileSync(file, after);
  else process.exitCode = 1;
  console.log(check ? `${file}: the part "${name}" is out of date; run npm run docs:write` : `${file}: wrote "${name}"`);
}
if (process.exitCode === undefined) console.log(`${GENERATED.length} generated parts are up to date`);

function replaced(document: string, file: string, name: string, text: string): string {
  const [start, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no part ${start} … ${end}`);
  return `${document.slice(0, from + start.length)}\n${text}\n${document.slice(to)}`;
}

function toolTable(): string {
  const rows = [...TOOLS.values()].map((tool) => [
    `\`${tool.name}\``,
    tool.toolset,
    tool.annotations.readOnlyHint ? 'no' : 'yes',
    argumentsOf(tool.inputSchema),
    tool.description,
  ]);
  return table(['tool', 'toolset', 'changes data', 'arguments (? optional)', 'what it does'], rows);
}

function argumentsOf(schema: z.ZodObject): string {
  const names = Object.entries(schema.shape).map(([name, field]) => (field.safeParse(undefined).success ? `${name}?` : name));
  return names.length === 0 ? '–' : names.join(', ');
}

function configurationTable(): string {
  const rows = settingDescriptions().map(({ flag, variable, allowed, default: value, about }) => [
    `\`${flag}\``,
    `\`${variable}\``,
    value,
    allowed,
    about,
  ]);
  return table(['flag', 'variable', 'default', 'allowed', 'meaning'], rows);
}

function hyperparameterTable(): string {
  const rows = Object.entries(HYPERPARAMETERS).map(([name, { default: value, min, max, integer, flag, about }]) => [
    `\`${name}\``,
    String(value),
    `[${min}, ${max}]${integer ? ', whole' : ''}`,
    flag ? 'yes' : 'no',
    about,
  ]);
  return table(['name', 'default', 'range', 'setting', 'meaning'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
