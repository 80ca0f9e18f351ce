import * as z from 'zod';
import { LABEL, LABEL_REMEDY, TOOL_NAME, TOOL_NAME_REMEDY } from '../core/names.ts';
import { POLICY_NAMES } from '../core/policies/policy-by-name.ts';
import type { Outcome } from '../core/types.ts';
import type { HistoryKind } from '../engine/get-history.ts';
import { METRIC_NAMES } from '../engine/get-learning-stats.ts';
import { holdsOnlyFiniteNumbers } from './json-numbers.ts';

const LONGEST_JSON_BYTES = 65_536;

/** The custom messages are remedies: the error boundary puts the field and its value before them. */
export const toolName = z.string().regex(TOOL_NAME, TOOL_NAME_REMEDY);
const printableName = z.string().regex(LABEL, LABEL_REMEDY);

export const sessionId = printableName.describe('One per task');
export const query = z.string().max(8000).describe("User's request or sub-goal");
export const executionId = printableName.describe('As record_execution answered it');
export const recommendationId = printableName.describe('The advice this call answers');
export const recentTools = z.array(toolName).max(5000).describe('Tools called so far, oldest first');
export const availableTools = z.array(toolName).max(5000).describe('Default: all known');
export const sessionLength = z.int().min(0).max(1_000_000).describe('Calls made so far in the session');
export const topK = z.int().min(1).max(5000).describe('How many; default 5');
export const stars = z.int().min(1).max(5).describe("The user's rating, 5 is best");
export const limit = z.int().min(1).max(500).describe('Rows a page; default 50');
export const cursor = z.string().max(1000).describe('next_cursor of the page before');
export const policyName = z.enum(POLICY_NAMES).describe('Default optimistic');
export const outcome = z.enum(['success', 'partial', 'failure'] satisfies Outcome[]);
export const historyKind = z.enum(['executions', 'episodes', 'successful_sequences'] satisfies HistoryKind[]);
export const metricName = z.enum(METRIC_NAMES);
export const milliseconds = z.number().min(0).max(86_400_000);
/** Free text of a call. A result that is not text is passed as JSON text: one type is portable, a union is not. */
export const longText = z.string().max(65_536);
export const toolDescription = z.string().max(16_000);
export const feedbackText = z.string().max(2000).describe("The user's words");
export const contextHash = z.string().regex(/^[0-9a-f]{64}$/, 'give the 64 hex digits of a context_hash from an answer');

/** Any JSON object up to 64 KiB; the boundary has checked its depth before. */
export const jsonObject = z
  .record(z.string(), z.unknown())
  .refine(holdsOnlyFiniteNumbers, { error: 'give finite numbers only: one in it is beyond 1.8e308 or not a number', abort: true })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= LONGEST_JSON_BYTES, 'give at most 64 KiB of JSON')
  .meta({ type: 'object', additionalProperties: true });
