import * as z from 'zod';
import { HYPERPARAMETERS, type HyperparameterName } from '../../core/hyperparameters.ts';
import { nestsDeeperThan } from '../../core/json-depth.ts';
import { LABEL, LABEL_REMEDY, TOOL_NAME, TOOL_NAME_REMEDY } from '../../core/names.ts';
import { LINES_FORMAT, type Line } from '../../engine/journal/lines.ts';

const MAX_DEPTH = 34;
const LONGEST_JSON = 131_072;

const toolName = z.string().regex(TOOL_NAME, TOOL_NAME_REMEDY);
const label = z.string().regex(LABEL, LABEL_REMEDY);
const longText = z.string().max(65_536).nullable().default(null);
const jsonObject = z
  .record(z.string(), z.unknown())
  .transform((value) => JSON.stringify(value))
  .refine((text) => text.length <= LONGEST_JSON, 'give at most 128 KiB of JSON');
const recorded = { at_ms: z.int().min(0).optional(), settings_id: z.int().nullable().default(null) };

/** Within their ranges, so that no file makes a learner that none could be set to. */
function hyperparameterShape(): Record<HyperparameterName, z.ZodDefault<z.ZodNumber>> {
  const shape = Object.entries(HYPERPARAMETERS).map(([name, { min, max, default: value }]) => [
    name,
    z.number().min(min).max(max).default(value),
  ]);
  return Object.fromEntries(shape) as Record<HyperparameterName, z.ZodDefault<z.ZodNumber>>;
}

const header = z.object({
  kind: z.literal('toolwise'),
  format: z.literal(LINES_FORMAT),
  seed: z.int().min(0).max(4_294_967_295).nullable(),
});
const settings = z.object({
  kind: z.literal('settings'),
  settings_id: z.int(),
  hyperparameters: z.strictObject(hyperparameterShape()),
  domain_keywords: z.array(z.string().max(64)).max(1000),
});
const registration = z.object({
  kind: z.literal('registration'),
  at_ms: recorded.at_ms,
  tool_name: toolName,
  description: z.string().max(16_000).nullable().default(null),
  input_schema: jsonObject.nullable().default(null),
});
const execution = z.object({
  kind: z.literal('execution'),
  ...recorded,
  execution_id: label.optional(),
  session_id: label,
  tool_name: toolName,
  success: z.boolean(),
  execution_time_ms: z.number().min(0).max(86_400_000).nullable().default(null),
  user_rating: z.int().min(1).max(5).nullable().default(null),
  query: z.string().max(8000).nullable().default(null),
  arguments: jsonObject.nullable().default(null),
  result: longText,
  error_message: longText,
  available_tools: z.array(toolName).max(5000).nullable().default(null),
  is_terminal: z.boolean().default(false),
  recommendation_id: label.nullable().default(null),
});
const feedback = z.object({
  kind: z.literal('feedback'),
  ...recorded,
  execution_id: label,
  session_id: label.optional(),
  rating: z.int().min(1).max(5),
  feedback: z.string().max(2000).nullable().default(null),
});
const episode = z.object({
  kind: z.literal('episode'),
  ...recorded,
  episode_id: label.optional(),
  session_id: label,
  outcome: z.enum(['success', 'partial', 'failure']),
  confidence: z.number().min(0).max(1).default(1),
  tool_sequence: z.array(toolName).max(5000),
  episode_reward: z.number().min(-1e9).max(1e9).default(0),
  reward_given: z.boolean().default(false),
});
const recommendation = z.object({
  kind: z.literal('recommendation'),
  ...recorded,
  recommendation_id: label,
  session_id: label.nullable().default(null),
  query: z.string().max(8000).nullable().default(null),
  context_hash: z.string().regex(/^[0-9a-f]{64}$/),
  policy: z.string().regex(/^[a-z0-9_]{1,64}$/),
  tools: z.array(toolName).max(5000),
  candidates: z.array(toolName).max(5000).nullable().default(null),
  propensity: z.number().min(0).max(1).nullable().default(null),
  was_exploration: z.boolean().nullable().default(null),
  exploration_rate: z.number().min(0).max(1).nullable().default(null),
});
const reset = z.object({ kind: z.literal('reset'), at_ms: recorded.at_ms });
const training = z.object({
  kind: z.literal('training'),
  settings_id: recorded.settings_id,
  batch_size: z.int().min(1).max(10_000),
});

const lineSchema = z.discriminatedUnion('kind', [
  header,
  settings,
  registration,
  execution,
  feedback,
  episode,
  recommendation,
  reset,
  training,
]);

/** @throws Error that says in one sentence what is wrong with the line */
export function parseLine(text: string): Line {
  const value: unknown = JSON.parse(text);
  if (nestsDeeperThan(value, MAX_DEPTH)) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.') || 'the line'}: ${issue?.message}`);
}
