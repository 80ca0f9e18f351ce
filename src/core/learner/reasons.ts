import type { ScorePart } from '../rankers/evidence.ts';
import type { Signal } from '../signals/signal.ts';
import type { Moment } from './moment.ts';

/** Phrases of one reason. */
const MOST = 2;
const NOTHING_KNOWN = 'not called yet';

/**
 * Why a candidate stands where it does: what the signals that moved it most have to say, strongest first. Fixed words and numbers only, so
 * that no stored text comes back through it.
 */
export function phrase(signals: readonly Signal[], parts: readonly ScorePart[], moment: Moment, candidate: number): string {
  const strongest = signals
    .map((signal, at) => ({ signal, weight: Math.abs(parts[at]?.value ?? 0) }))
    .filter(({ signal }) => signal.explain !== undefined)
    .sort((a, b) => b.weight - a.weight);
  const phrases: string[] = [];
  for (const { signal } of strongest) {
    const said = signal.explain?.(moment, candidate) ?? null;
    if (said !== null && phrases.length < MOST) phrases.push(said);
  }
  return phrases.length > 0 ? phrases.join('; ') : NOTHING_KNOWN;
}
