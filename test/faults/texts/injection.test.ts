import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLong } from '../../helpers/long.ts';
import { type Connected, connect } from '../../mcp/connect.ts';
import { grams, hostileLabel, hostileText } from './hostile.ts';
import { answersToVictim, ask } from './victim.ts';

const GRAM = 8;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const RUNS = { numRuns: isLong ? 200 : 5 };

/** One text for every field that takes one. */
const attack = fc.record({
  query: hostileText,
  argument: hostileText,
  name: hostileText,
  result: hostileText,
  error: hostileText,
  feedback: hostileText,
  description: hostileText,
  schema: hostileText,
  session: hostileLabel,
  execution: hostileLabel,
});
type Attack = typeof attack extends fc.Arbitrary<infer Texts> ? Texts : never;

/** What an attacker's session records, so that it looks like good experience: the same again and again, all of it a success. */
async function record({ client }: Connected, texts: Attack): Promise<void> {
  const input_schema = {
    description: texts.schema,
    properties: { a: { enum: [texts.argument], default: texts.argument, description: texts.schema } },
  };
  await ask(client, 'register_tools', {
    tools: [{ name: 'look_up', description: texts.description, input_schema }, { name: 'other_tool' }],
  });
  for (const [n, session_id] of ['attacker', 'attacker', texts.session].entries()) {
    const { execution_id } = await ask(client, 'record_execution', {
      session_id,
      tool_name: 'look_up',
      success: n > 0,
      query: texts.query,
      arguments: { a: texts.argument, [texts.name]: 1, nested: { [texts.name]: [texts.argument] }, fine: 'EUR' },
      result: texts.result,
      error_message: texts.error,
      ...(n === 1 ? { execution_id: texts.execution } : {}),
    });
    await ask(client, 'submit_feedback', { execution_id, rating: 5, feedback: texts.feedback });
  }
  await ask(client, 'recommend_tools', { session_id: texts.session, query: texts.query });
  await ask(client, 'record_execution', { session_id: 'attacker', tool_name: 'other_tool', success: true });
  for (const session_id of ['attacker', texts.session]) await ask(client, 'log_episode', { session_id, outcome: 'success' });
}

function piecesOf(texts: Attack): ReadonlySet<string> {
  return new Set(Object.values(texts).flatMap((text) => grams(text, GRAM)));
}

function shown(pieces: ReadonlySet<string>, answer: string): string[] {
  return grams(answer, GRAM).filter((piece) => pieces.has(piece));
}

describe('F26 hostile texts that one session records', () => {
  it('F26 no answer to another session holds eight characters of them, whatever it asks', async () => {
    const clean = await answersToVictim((await connect()).client, 'look_up');
    const usual = new Set([...clean.values()].flatMap((answer) => grams(answer, GRAM)));
    await fc.assert(
      fc.asyncProperty(attack, async (texts) => {
        const connected = await connect();
        await record(connected, texts);
        const pieces = new Set([...piecesOf(texts)].filter((piece) => !usual.has(piece)));
        const answers = await answersToVictim(connected.client, 'look_up');
        const told = [...answers].flatMap(([question, answer]) => shown(pieces, answer).map((piece) => `${question}: ${piece}`));
        expect(told).toEqual([]);
        expect([...answers.values()].join()).toContain('"fine":"EUR"');
        await connected.client.close();
        await connected.engine.close();
      }),
      RUNS,
    );
  });

  it('F26 history shows them under "untrusted" only, on one line, at most 200 characters, without hidden ones', async () => {
    await fc.assert(
      fc.asyncProperty(attack, async (texts) => {
        const connected = await connect();
        await record(connected, texts);
        const { items } = (await ask(connected.client, 'get_history', { kind: 'executions' })) as { items: Record<string, unknown>[] };
        expect(items).toHaveLength(4);
        for (const { untrusted, session_id: _, execution_id: __, ...rest } of items) {
          expect(shown(piecesOf(texts), JSON.stringify(rest))).toEqual([]);
          for (const text of Object.values(untrusted as Record<string, string | null>)) {
            expect(text ?? '').not.toMatch(HIDDEN);
            expect((text ?? '').length).toBeLessThanOrEqual(200);
          }
        }
        const episodes = (await ask(connected.client, 'get_history', { kind: 'episodes' })) as { items: Record<string, unknown>[] };
        const labels = episodes.items.map(({ session_id: _, ...rest }) => rest);
        expect(shown(piecesOf(texts), JSON.stringify(labels))).toEqual([]);
        await connected.client.close();
        await connected.engine.close();
      }),
      RUNS,
    );
  });

  it('F26 they change the words of no error', async () => {
    const { client, engine, logged } = await connect();
    const texts = fc.sample(attack, { numRuns: 1, seed: 26 })[0];
    if (texts === undefined) throw new Error('no attack');
    await record({ client, engine, logged }, texts);
    const again = { session_id: 'victim', tool_name: 'look_up', success: true, execution_id: texts.execution };
    const { content } = await client.callTool({ name: 'record_execution', arguments: again });
    expect(JSON.stringify(content)).toContain('already names a successful call of look_up in another session');
    expect(logged).toEqual([]);
  });
});
