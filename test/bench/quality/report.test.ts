import { describe, expect, it } from 'vitest';
import { reliabilityBins } from '../../../bench/quality/calibration.ts';
import type { EntrantRow, SourceFigures } from '../../../bench/quality/figures.ts';
import { goalsSection } from '../../../bench/quality/goals.ts';
import { sourceSections } from '../../../bench/quality/next-tool.ts';
import { markdownReport } from '../../../bench/quality/report.ts';
import { routingSection } from '../../../bench/quality/routing/routing.ts';
import { terminalSection } from '../../../bench/quality/section.ts';

function row(contender: string, hit_at_1: number, difference: number | null): EntrantRow {
  const shares = { mrr: 0.8, hit_at_1_on_repeats: 1, hit_at_1_on_others: 0.5, hit_at_3: 0.9, cold_hit_at_1: 0.25, cold_mrr: 0.3 };
  return { contender, hit_at_1, hit_at_1_interval: [0.5, 0.75], difference, difference_interval: [-0.01, 0.02], ...shares };
}

const FIGURES: SourceFigures = {
  source: 'tau_airline',
  decisions: 100,
  repeats: 10,
  sessions: 20,
  cold_decisions: 9,
  rows: [row('markov', 0.6, 0.1), row('popularity', 0.4, 0.3), row('learned', 0.7, null), row('without value', 0.68, 0.02)],
  bins: reliabilityBins([{ confidence: 0.75, right: true }]),
};
const BOTH = { with_baselines: true, with_ablations: true };

describe('the report of a source', () => {
  const [ranking, calibration, ablation] = sourceSections(FIGURES, BOTH, 5);

  it('sets the baselines beside the learned ranking, and names the best of them', () => {
    expect(ranking?.cells.map(([name]) => name)).toEqual(['', 'markov', 'popularity', 'learned']);
    expect(ranking?.cells[1]).toEqual([
      'markov',
      '60.0',
      '50.0 to 75.0',
      '90.0',
      '80.0',
      '100.0',
      '50.0',
      '25.0',
      '30.0',
      '+10.0',
      '-1.0 to +2.0',
    ]);
    expect(ranking?.notes[0]).toBe('The best baseline at hit@1 is markov; learned − best: +10.0 points (95 % -1.0 to +2.0).');
  });

  it('says what each signal is worth', () => {
    expect(ablation?.cells[1]?.slice(0, 6)).toEqual(['without value', '68.0', '+2.0', '-1.0 to +2.0', '80.0', '0.0']);
  });

  it('gives the calibration error with its diagram', () => {
    expect(calibration?.notes[0]).toMatch(/^Expected calibration error 0\.250 over 100 /);
    expect(calibration?.figure).toContain('0.7 to 0.8');
  });

  it('leaves out what took no part', () => {
    const titles = (field: typeof BOTH) => sourceSections(FIGURES, field, 1).map(({ title }) => title);
    expect(titles({ ...BOTH, with_ablations: false })).toEqual(['Next tool: tau_airline', 'Calibration: tau_airline']);
    expect(titles({ ...BOTH, with_baselines: false })).toEqual(['Ablations: tau_airline']);
  });
});

describe('the goals', () => {
  const earned = (average: number, latest: number) => ({ average, latest });
  const trial = { name: 'names hidden', shown: false, skew: 0, noise: 0, drift: false };
  const routed = [{ trial, learned: earned(0.46, 0.6), description_match: null, random: earned(0.01, 0.02) }];

  it('are told with what was measured, met or not', () => {
    const cells = goalsSection([FIGURES], routed)?.cells ?? [];
    expect(cells).toContainEqual(['tau_airline: hit@1', 'at least 0.830', '0.700', 'NOT MET']);
    expect(cells).toContainEqual(['tau_airline: calibration error', 'at most 0.050', '0.250', 'NOT MET']);
    expect(cells).toContainEqual(['routing, names hidden: average reward', 'at least 0.450', '0.460', 'met']);
    expect(goalsSection([], [])).toBeNull();
  });

  it('stand beside a routing table that leaves out what does not apply', () => {
    expect(routingSection(routed, [1], 10_000).cells[1]).toEqual(['names hidden', '0.460', '–', '0.010', '0.600', '–', '0.020']);
  });
});

describe('a section', () => {
  const section = {
    title: 'T',
    cells: [
      ['', 'hit@1'],
      ['learned', '7.5'],
    ],
    figure: 'drawn',
    notes: ['n'],
  };

  it('is aligned for a terminal', () => {
    expect(terminalSection(section)).toBe('\nT\n\n           hit@1\n  learned    7.5\n\ndrawn\n\n- n\n');
  });

  it('is a table and a fenced figure in Markdown', () => {
    const text = markdownReport([['node', 'v24']], [section]);
    expect(text).toContain('| node | v24 |');
    expect(text).toContain('## T\n\n|  | hit@1 |\n|---|---:|\n| learned | 7.5 |\n\n```text\ndrawn\n```\n\n- n\n');
  });
});
