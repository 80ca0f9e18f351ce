import { describe, expect, test } from 'vitest';
import { canonicalContext, encodeContexts, referenceKeywords } from '../../src/core/context.ts';
import { DOMAIN_KEYWORDS } from '../../src/core/hyperparameters.ts';
import { loadGolden, sha256 } from './support.ts';

interface ContextFile {
  readonly cases: readonly {
    readonly id: string;
    readonly user_query: string;
    readonly previous_tool: string | null;
    readonly session_length: number;
    readonly keywords_sorted: readonly string[];
    readonly hashed_json: string;
    readonly context_hash: string;
    readonly tags: readonly string[];
  }[];
}

const { cases } = loadGolden<ContextFile>('context');

test('the file holds cases', () => {
  expect(cases.length).toBeGreaterThan(0);
});

describe('the exact context is the reference’s', () => {
  test.each(cases)('$id: keywords, hashed text and hash', ({ user_query, keywords_sorted, hashed_json, context_hash, ...rest }) => {
    const state = { query: user_query, previous_tool: rest.previous_tool, session_length: rest.session_length };
    expect(referenceKeywords(user_query, DOMAIN_KEYWORDS)).toStrictEqual(keywords_sorted);
    expect(canonicalContext(state, DOMAIN_KEYWORDS)).toBe(hashed_json);
    expect(encodeContexts(state, DOMAIN_KEYWORDS, sha256).exact).toBe(context_hash);
  });
});

test('fault 20: contexts that the reference tells apart by session length alone share their step', () => {
  const hashes = cases.map(({ user_query, previous_tool, session_length }) => {
    const encode = (length: number) =>
      encodeContexts({ query: user_query, previous_tool, session_length: length }, DOMAIN_KEYWORDS, sha256);
    return { here: encode(session_length), later: encode(session_length + 1) };
  });
  for (const { here, later } of hashes) {
    expect(later.exact).not.toBe(here.exact);
    expect(later).toMatchObject({ step: here.step, request: here.request, previous: here.previous });
  }
});
