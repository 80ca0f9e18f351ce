import { describe, expect, it } from 'vitest';
import { isLong } from '../../helpers/long.ts';
import { planOf } from './generator.ts';
import { Model } from './model.ts';
import { Run } from './runner.ts';
import type { Step } from './steps.ts';

/** `TOOLWISE_SEED=7 npx vitest run --project faults test/faults/model` runs the plan of one seed again. */
const chosen = process.env['TOOLWISE_SEED'];
const SEEDS = chosen === undefined ? Array.from({ length: isLong ? 200 : 3 }, (_, at) => at + 1) : [Number(chosen)];
const PLAN = { length: isLong ? 150 : 100, servers: 2 };

interface Failure {
  /** Steps that were carried out before, count. */
  readonly at: number;
  readonly cause: unknown;
}

/** Every other seed replays early, in batches that a short plan fills. */
function settingsOf(seed: number): { readonly batch_size: number } {
  return { batch_size: seed % 2 === 0 ? 8 : 32 };
}

/** Runs the first steps of a plan, then asks for everything. null: server and model agree. */
async function failureOf(seed: number, steps: readonly Step[], model = new Model(settingsOf(seed))): Promise<Failure | null> {
  const run = new Run(seed, model);
  let at = 0;
  try {
    await run.open(PLAN.servers);
    for (const step of steps) {
      await run.step(step);
      at += 1;
    }
    await run.check();
    return null;
  } catch (cause) {
    return { at, cause };
  } finally {
    await run.close();
  }
}

/** The shortest prefix of the plan after which not everything agrees; found by halving, so each length is tried once at most. */
async function shortestPrefix(seed: number, plan: readonly Step[], failure: Failure): Promise<readonly Step[]> {
  let [agrees, fails] = [0, Math.min(failure.at + 1, plan.length)];
  while (fails - agrees > 1) {
    const middle = (agrees + fails) >> 1;
    if ((await failureOf(seed, plan.slice(0, middle))) === null) agrees = middle;
    else fails = middle;
  }
  return plan.slice(0, fails);
}

function described(seed: number, prefix: readonly Step[], { cause }: Failure): string {
  const steps = prefix.map((step, at) => `${String(at + 1).padStart(4)} server ${step.server}: ${JSON.stringify(step.action)}`);
  const again = `TOOLWISE_SEED=${seed} npx vitest run --project faults test/faults/model`;
  return `seed ${seed} fails: ${cause instanceof Error ? cause.message : cause}\nthe shortest prefix that fails:\n${steps.join('\n')}\nagain: ${again}\n`;
}

describe('the model of the contract and the server agree', () => {
  it.each(SEEDS)('F02 whatever two processes are asked, restarted and killed: seed %i', async (seed) => {
    const plan = planOf(seed, PLAN);
    const failure = await failureOf(seed, plan);
    if (failure === null) return;
    const prefix = await shortestPrefix(seed, plan, failure);
    throw new Error(described(seed, prefix, failure), { cause: failure.cause });
  });

  it('a plan depends on its seed alone', () => {
    expect(planOf(7, PLAN)).toEqual(planOf(7, PLAN));
    expect(planOf(8, PLAN)).not.toEqual(planOf(7, PLAN));
  });

  it('a model that forgets one call is told apart', async () => {
    class Forgetful extends Model {
      override addExecution(...[call, told]: Parameters<Model['addExecution']>): void {
        if (this.executions.length !== 4 || this.known().length === 0) super.addExecution(call, told);
        else this.change(call.session, { steps: [...this.session(call.session).steps, call], query: told.query ?? null });
      }
    }
    expect(await failureOf(1, planOf(1, PLAN), new Forgetful(settingsOf(1)))).not.toBeNull();
  });
});
