import { describe, expect, it } from 'vitest';
import { type StdioClient, useServers } from '../helpers/stdio-client.ts';

const start = useServers();

async function startWithSession(): Promise<StdioClient> {
  const client = await start();
  const tools = [{ name: 'look_up', description: 'Finds an entity' }, { name: 'fs/read' }];
  await client.ask('register_tools', { tools });
  await client.ask('record_execution', { session_id: 'morning', tool_name: 'look_up', success: true, query: 'find entity 7' });
  return client;
}

async function read(client: StdioClient, uri: string): Promise<string> {
  const { contents } = (await client.result('resources/read', { uri })) as { contents: readonly { uri: string; text: string }[] };
  expect(contents[0]?.uri).toBe(uri);
  return contents[0]?.text ?? '';
}

describe('resources, prompts and completion', () => {
  it('lists and reads the statistics and the tools', async () => {
    const client = await startWithSession();
    const { resources } = (await client.result('resources/list')) as { resources: readonly { uri: string }[] };
    expect(resources.map(({ uri }) => uri)).toEqual(expect.arrayContaining(['toolwise://stats', 'toolwise://tools']));
    expect(JSON.parse(await read(client, 'toolwise://stats'))).toMatchObject({ update_count: 1 });
    expect(await read(client, 'toolwise://tools')).toContain('fs/read');
  });

  it('reads one tool and one session by template, a name with a slash included', async () => {
    const client = await startWithSession();
    const { resourceTemplates } = (await client.result('resources/templates/list')) as {
      resourceTemplates: readonly { uriTemplate: string }[];
    };
    const templates = resourceTemplates.map(({ uriTemplate }) => uriTemplate);
    expect(templates.some((template) => template.startsWith('toolwise://tools/'))).toBe(true);
    expect(templates.some((template) => template.startsWith('toolwise://sessions/'))).toBe(true);
    expect(await read(client, 'toolwise://tools/look_up')).toContain('"total_calls":1');
    expect(await read(client, 'toolwise://tools/look_up')).not.toContain('Finds an entity');
    expect(await read(client, 'toolwise://tools/fs%2Fread')).toContain('fs/read');
    expect(await read(client, 'toolwise://sessions/morning')).toContain('look_up');
  });

  it('answers an unknown resource, tool or session with a JSON-RPC error that names it', async () => {
    const client = await startWithSession();
    for (const uri of ['toolwise://nothing', 'toolwise://tools/unheard_of', 'toolwise://sessions/unheard_of']) {
      const { error } = await client.request('resources/read', { uri });
      expect(error?.code, uri).toBeLessThan(0);
      expect(error?.message).toMatch(/nothing|unheard_of/);
    }
  });

  it('completes tool names', async () => {
    const client = await startWithSession();
    const { resourceTemplates } = (await client.result('resources/templates/list')) as {
      resourceTemplates: readonly { uriTemplate: string }[];
    };
    const uri = resourceTemplates.map(({ uriTemplate }) => uriTemplate).find((template) => template.startsWith('toolwise://tools/'));
    const { completion } = (await client.result('completion/complete', {
      ref: { type: 'ref/resource', uri },
      argument: { name: 'name', value: 'look' },
    })) as { completion: { values: readonly string[] } };
    expect(completion.values).toEqual(['look_up']);
  });

  it('offers both prompts, with their arguments filled in', async () => {
    const client = await startWithSession();
    const { prompts } = (await client.result('prompts/list')) as { prompts: readonly { name: string }[] };
    expect(prompts.map(({ name }) => name).sort()).toEqual(['plan_with_tools', 'review_session']);
    const plan = await client.result('prompts/get', { name: 'plan_with_tools', arguments: { query: 'find entity 8' } });
    expect(JSON.stringify(plan)).toContain('find entity 8');
    const review = await client.result('prompts/get', { name: 'review_session', arguments: { session_id: 'morning' } });
    expect(JSON.stringify(review)).toContain('look_up');
    const unknown = await client.request('prompts/get', { name: 'no_such_prompt' });
    expect(unknown.error?.message).toContain('no_such_prompt');
    const missing = await client.request('prompts/get', { name: 'plan_with_tools', arguments: {} });
    expect(missing.error?.message).toContain('query');
  });
});
