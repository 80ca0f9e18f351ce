import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { contentOf } from '../../helpers/database-file.ts';
import { brokenInvariants } from '../../helpers/invariants.ts';
import { StdioClient } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { callOf, executionAt, expectedAgain, expectedOf, lostId, take } from './calls.ts';
import { checkAll, checkRead } from './check.ts';
import { drawn } from './expect-write.ts';
import type { Model } from './model.ts';
import { isWrite, type Read, SESSIONS, type Step, type Write } from './steps.ts';

const FLAGS = ['--toolsets', 'agent,insight,admin'];

/** The processes, and the model beside them: after every step both must know the same. */
export class Run {
  readonly #model: Model;
  readonly #db = temporaryDatabase();
  readonly #seed: number;
  readonly #servers: StdioClient[] = [];
  readonly #gone: StdioClient[] = [];

  constructor(seed: number, model: Model) {
    this.#seed = seed;
    this.#model = model;
  }

  async open(servers: number): Promise<void> {
    this.#servers.push(...(await Promise.all(Array.from({ length: servers }, () => this.#started()))));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers, ...this.#gone].map((client) => client.stop()));
  }

  async step({ server, action }: Step): Promise<void> {
    const client = this.#server(server);
    if (isWrite(action)) await this.#write(client, action);
    else if (action.kind === 'restart') await this.#restart(server);
    else if (action.kind === 'kill') await this.#kill(server);
    else if (action.kind === 'kill during') await this.#killDuring(server, action.step, action.after_ms);
    else if (action.kind === 'read only') await this.#readOnly();
    else await this.#read(client, action);
  }

  /** Everything that can be asked, what the file itself says, and every line that was written. */
  async check(client = this.#server(0)): Promise<void> {
    await checkAll(client, this.#model);
    expect(brokenInvariants(this.#db)).toEqual([]);
    expect([...this.#servers, ...this.#gone].flatMap((each) => each.faults())).toEqual([]);
  }

  #server(at: number): StdioClient {
    return this.#servers[at] as StdioClient;
  }

  async #started(...flags: readonly string[]): Promise<StdioClient> {
    const client = new StdioClient({ db: this.#db, args: [...FLAGS, ...this.#settings(), ...flags] });
    await client.initialize();
    return client;
  }

  #settings(): readonly string[] {
    return ['--seed', String(this.#seed), '--batch-size', String(this.#model.batch_size)];
  }

  async #replace(at: number): Promise<StdioClient> {
    this.#gone.push(this.#server(at));
    const client = await this.#started();
    this.#servers[at] = client;
    return client;
  }

  async #restart(at: number): Promise<void> {
    expect(await this.#server(at).end()).toMatchObject({ code: 0 });
    await this.#replace(at);
  }

  async #kill(at: number): Promise<void> {
    this.#server(at).child.kill('SIGKILL');
    await this.#server(at).exited;
    await this.check(await this.#replace(at));
  }

  /** The call has happened whole, or not at all. Asking finds out which; asked again, it has happened once. */
  async #killDuring(at: number, step: Write, after_ms: number): Promise<void> {
    const call = callOf(this.#model, step);
    if (call === null) return;
    const client = this.#server(at);
    const answer = client.call(...call).catch(() => null);
    await sleep(after_ms);
    client.child.kill('SIGKILL');
    const told = await answer;
    await client.exited;
    const successor = await this.#replace(at);
    if (told !== null) take(expectedOf(this.#model, step, false), told);
    else await this.#findOut(successor, step);
    await this.check(successor);
  }

  async #findOut(client: StdioClient, step: Write): Promise<void> {
    const { recommendations, replay } = await client.ask('get_learning_stats');
    const lost = Number(recommendations['made']) - this.#model.advice.length;
    const batches = (replay as { readonly batches: number }).batches - this.#model.batches;
    expect(lost, 'advice without an answer').toBeLessThanOrEqual(step.kind === 'recommend' || step.kind === 'select' ? 1 : 0);
    if (lost === 1 && step.kind === 'select') drawn(this.#model);
    if (lost === 1 && (step.kind === 'recommend' || step.kind === 'select')) {
      const session = step.args.session_id ?? null;
      this.#model.addAdvice({ recommendation_id: lostId(this.#model), session, tools: [], answer: null }, step.args);
    }
    if (step.kind !== 'train') return await this.#write(client, step, true);
    expect(batches, 'batches without an answer').toBeLessThanOrEqual(step.batches);
    this.#model.replayed(batches);
  }

  async #readOnly(): Promise<void> {
    const content = () => contentOf(this.#db).replace(/\["learner_snapshots",\[[^\]]*\]\]/, '');
    const before = content();
    const reader = await this.#started('--read-only');
    this.#gone.push(reader);
    await checkAll(reader, this.#model);
    await reader.ask('recommend_tools', { session_id: SESSIONS[0], query: 'anything' });
    const { error } = await reader.request('tools/call', { name: 'record_execution', arguments: {} });
    expect(error).toMatchObject({ code: -32602 });
    expect(await reader.end()).toMatchObject({ code: 0 });
    expect(content(), 'a read-only server wrote').toBe(before);
  }

  async #read(client: StdioClient, step: Read): Promise<void> {
    if (step.kind === 'bad') {
      const expected = { answer: null, refused: new RegExp(step.names), apply: () => {} };
      return take(expected, await client.call(step.tool, step.args));
    }
    if (step.kind !== 'repeat') return await checkRead(client, this.#model, step);
    const call = executionAt(this.#model, step.which);
    if (call === undefined) return;
    const { execution_id, session: session_id, tool: tool_name, success } = call;
    const again = { execution_id, session_id, tool_name, success: step.otherwise ? !success : success };
    take(expectedAgain(this.#model, call, step.otherwise), await client.call('record_execution', again));
  }

  /** @param maybe_twice it may have happened before, and the answer was lost */
  async #write(client: StdioClient, step: Write, maybe_twice = false): Promise<void> {
    const call = callOf(this.#model, step);
    if (call === null) return;
    const expected = expectedOf(this.#model, step, maybe_twice);
    take(expected, expected.answer === null ? await client.call(...call) : { structuredContent: await client.ask(...call) });
  }
}
