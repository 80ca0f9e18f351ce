import { existsSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { TOOLSETS, type Tool } from '../../../src/mcp/define-tool.ts';
import { DEFAULT_TOOLSETS } from '../../../src/mcp/exposure.ts';
import { INSTRUCTIONS } from '../../../src/mcp/instructions.ts';
import { listed, listedTools } from '../../../src/mcp/list-tools.ts';
import { TOOLS } from '../../../src/mcp/tools/registry.ts';

const everyTool = [...TOOLS.values()].map((tool): [string, Tool] => [tool.name, tool]);

/** What a model reads of a tool, in tokens of four characters. */
function visibleTokens({ name, description, inputSchema }: ReturnType<typeof listed>): number {
  return JSON.stringify({ name, description, inputSchema }).length / 4;
}

function meanTokens(toolsets: Parameters<typeof listedTools>[0]['toolsets']): number {
  const tokens = listedTools({ toolsets, read_only: false }).map(visibleTokens);
  return tokens.reduce((sum, value) => sum + value, 0) / tokens.length;
}

/** Every key of a schema, at any depth, outside the names of properties. */
function keywords(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keywords);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties' ? ['properties', ...Object.values(value as object).flatMap(keywords)] : [key, ...keywords(value)],
  );
}

describe('the registry', () => {
  it('holds the tools of the contract in one fixed order', () => {
    expect([...TOOLS.keys()]).toEqual([
      'recommend_tools',
      'select_tool',
      'record_execution',
      'submit_feedback',
      'log_episode',
      'next_tool_by_sequence',
      'suggest_parameters',
      'register_tools',
      'get_tool_metrics',
      'get_policy',
      'get_history',
      'get_learning_stats',
      'evaluate_policy',
      'train',
      'reset_exploration',
      'forget',
    ]);
  });

  it('costs at most 180 visible tokens a tool on average, with and without the admin tools', () => {
    expect(meanTokens(DEFAULT_TOOLSETS)).toBeLessThanOrEqual(180);
    expect(meanTokens(TOOLSETS)).toBeLessThanOrEqual(180);
  });

  it('has instructions of at most 1,500 characters that name the workflow in order', () => {
    expect(INSTRUCTIONS.length).toBeLessThanOrEqual(1500);
    const places = ['recommend_tools', 'Call the tool', 'record_execution', 'log_episode once'].map((step) => INSTRUCTIONS.indexOf(step));
    expect(places).toEqual(places.filter((place) => place >= 0).toSorted((a, b) => a - b));
    expect(places).toHaveLength(4);
  });
});

describe.each(everyTool)('%s', (name, tool) => {
  const told = listed(tool);

  it('has a file of its own that is named after it', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(existsSync(new URL(`../../../src/mcp/tools/${name.replaceAll('_', '-')}.ts`, import.meta.url))).toBe(true);
  });

  it('has a title and a description of at most 600 characters', () => {
    expect(tool.title).toMatch(/^[A-Z]/);
    expect(tool.description.length).toBeGreaterThan(20);
    expect(tool.description.length).toBeLessThanOrEqual(600);
  });

  it('has all four annotations, and what only reads destroys nothing', () => {
    expect(Object.keys(tool.annotations).sort()).toEqual(['destructiveHint', 'idempotentHint', 'openWorldHint', 'readOnlyHint']);
    for (const hint of Object.values(tool.annotations)) expect(typeof hint).toBe('boolean');
    expect(tool.annotations.readOnlyHint && tool.annotations.destructiveHint).toBe(false);
  });

  it('has flat schemas without $schema, references, tuples or lists of types', () => {
    const used = new Set([...keywords(told.inputSchema), ...keywords(told.outputSchema)]);
    for (const keyword of ['$schema', '$ref', '$defs', 'prefixItems', 'propertyNames', 'allOf', 'oneOf', 'not', 'const']) {
      expect(used).not.toContain(keyword);
    }
    expect(keywords(told.inputSchema)).not.toContain('anyOf');
    expect(JSON.stringify(told)).not.toMatch(/"type":\[|9007199254740991/);
  });

  it('has an input that is an object with properties and refuses unknown fields, and an output that may grow', () => {
    expect(told.inputSchema).toMatchObject({ type: 'object', properties: expect.any(Object), additionalProperties: false });
    expect(told.outputSchema).toMatchObject({ type: 'object', properties: expect.any(Object) });
    expect(JSON.stringify(told.outputSchema)).not.toContain('"additionalProperties":false');
  });

  it('has schemas that compile strictly as JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    expect(() => [ajv.compile(told.inputSchema), ajv.compile(told.outputSchema ?? {})]).not.toThrow();
  });

  it('is told to clients as the snapshot says', async () => {
    await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(`./schemas/${name}.snap`);
  });
});
