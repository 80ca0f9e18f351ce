import type { Moment } from '../learner/moment.ts';
import type { Signal } from './signal.ts';

/**
 * Whether the session has used the tool already. Agents go on, retry, or have done with a tool, and the fusion learns which. Columns, 0 or 1
 * but for the last but one: the last tool again after its success for this request, after its failure, for a new request; another tool
 * called for this request, called before; ln(1 + calls in this session); of the same group (server) as the last tool.
 */
export class RepetitionSignal implements Signal {
  readonly name = 'repetition';
  readonly columns = [
    { name: 'again', weight: 0 },
    { name: 'again_after_failure', weight: 0 },
    { name: 'again_for_new_request', weight: 0 },
    { name: 'called_for_this', weight: 0 },
    { name: 'called_before', weight: 0 },
    { name: 'calls', weight: 0 },
    { name: 'same_group', weight: 0 },
  ];

  score({ history, turn, usage, candidates }: Moment, rows: Float64Array, first: number, stride: number): void {
    const last = history.at(-1);
    const same_turn = last?.turn === turn;
    for (const [at, tool] of candidates.entries()) {
      const used = usage.get(tool.hash);
      const again = last?.tool.hash === tool.hash;
      const row = at * stride + first;
      rows[row] = Number(again && last.success && same_turn);
      rows[row + 1] = Number(again && !last.success);
      rows[row + 2] = Number(again && !same_turn);
      rows[row + 3] = Number(!again && (used?.calls_this_turn ?? 0) > 0);
      rows[row + 4] = Number(!again && used !== undefined);
      rows[row + 5] = Math.log(1 + (used?.calls ?? 0));
      rows[row + 6] = Number(tool.group !== 0 && tool.group === last?.tool.group);
    }
  }

  explain({ candidates, usage }: Moment, candidate: number): string | null {
    const calls = usage.get(candidates[candidate]?.hash ?? 0)?.calls ?? 0;
    return calls > 0 ? `called ${calls} ${calls === 1 ? 'time' : 'times'} in this session` : null;
  }
}
