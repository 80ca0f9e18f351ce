import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { baselines, learnedFusion } from '../../../bench/quality/entrants.ts';
import { figuresOf } from '../../../bench/quality/figures.ts';
import { validate } from '../../../bench/quality/protocol.ts';
import { readSource, sourceNames } from '../../../bench/quality/sources.ts';

const FOLDER = 'bench/quality/data';

describe('the demo’s recorded sessions', () => {
  const demo = readSource(FOLDER, 'demo');

  it('are the only source that is always there', () => {
    expect(sourceNames(FOLDER)).toEqual(['demo']);
    expect(sourceNames('bench/no-such-folder')).toEqual([]);
  });

  it('call only tools that were on offer and are described', () => {
    const described = new Set(demo.catalogue.map((tool) => tool.name));
    expect(demo.sessions.length).toBeGreaterThan(100);
    for (const { available_tools, steps, outcome } of demo.sessions) {
      expect(['success', 'partial', 'failure']).toContain(outcome);
      expect(steps.length).toBeGreaterThan(0);
      for (const { tool_name } of steps) expect(available_tools).toContain(tool_name);
      for (const tool of available_tools) expect(described).toContain(tool);
    }
  });

  it('hold calls that truly failed', () => {
    expect(demo.sessions.flatMap((session) => session.steps).some((step) => !step.success)).toBe(true);
  });

  it('are small and name no folder of the machine they were recorded on', () => {
    const files = ['demo.sessions.jsonl', 'demo.catalog.json'].map((file) => `${FOLDER}/${file}`);
    expect(files.reduce((bytes, file) => bytes + statSync(file).size, 0)).toBeLessThan(300_000);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(text.includes(tmpdir())).toBe(false);
      expect(text).not.toMatch(/\/(home|Users|root|tmp|var|work)\/|[A-Z]:\\\\/);
    }
  });

  it('are learned: the learned ranking beats every baseline that does not learn', () => {
    const entrants = [...baselines(1).filter(({ name }) => /random|popularity|description/.test(name)), learnedFusion()];
    const names = entrants.map((entrant) => entrant.name);
    const { rows } = figuresOf('demo', validate(demo, 1, entrants), names);
    for (const row of rows.slice(0, -1)) expect(row.difference_interval?.[0]).toBeGreaterThan(0);
    expect(rows).toHaveLength(4);
  });
});
