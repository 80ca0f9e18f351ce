import type { Prospect } from '../policies/optimistic.ts';
import type { Exploration } from '../signals/signal.ts';

/** Share of the fused score in what exploration weighs: more serves described tools better, less those that only outcomes tell apart. */
const FUSED_SHARE = 0.3;

/** What exploration weighs of a candidate, and the score that ranks it. */
export interface RankedProspect extends Prospect {
  readonly fused: number;
}

/**
 * What exploration weighs, in the order of the candidates. The score pools the fused one and that of the signal that explores: a
 * logarithmic opinion pool (Genest & Zidek 1986), since the fused one leans to what was often called, which exploration must not.
 * @param seen undefined: no signal explores
 */
export function prospectsOf(scores: Float64Array, seen: Exploration | undefined): readonly RankedProspect[] {
  return Array.from(scores, (fused, at) => ({
    fused,
    score: FUSED_SHARE * fused + (1 - FUSED_SHARE) * (seen?.logits[at] ?? fused),
    successes: seen?.successes[at] ?? 0,
    not_ruled_out: seen?.not_ruled_out[at] ?? 0,
  }));
}
