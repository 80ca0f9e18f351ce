import type { AdviceEvent, CallEvent, JudgedEvent } from '../events.ts';
import { isOwnTool } from '../names.ts';
import { asList, asRecord, asText, parsedJson } from './fields.ts';

const OUTCOMES = ['success', 'partial', 'failure'] as const;

/**
 * A call as an event; of toolwise's own tools only what they say about other calls: an advice, or a judgement.
 * @param answer as the source holds it: a CallToolResult, its structuredContent, or its text
 */
export function callEvents(call: CallEvent, answer: unknown): readonly (CallEvent | AdviceEvent | JudgedEvent)[] {
  if (!isOwnTool(call.tool_name)) return [call];
  if (!call.success) return [];
  const seen = { session_id: call.session_id, at_ms: call.at_ms };
  if (/(recommend_tools|select_tool)$/.test(call.tool_name)) {
    const recommendation_id = recommendationId(answer) ?? recommendationId(call.result);
    return recommendation_id === null ? [] : [{ kind: 'advice', ...seen, recommendation_id }];
  }
  const outcome = OUTCOMES.find((known) => known === call.arguments?.['outcome']);
  return /log_episode$/.test(call.tool_name) && outcome !== undefined ? [{ kind: 'judged', ...seen, outcome }] : [];
}

function recommendationId(answer: unknown): string | null {
  const value = typeof answer === 'string' ? parsedJson(answer) : answer;
  const record = asRecord(value);
  const found = asText(record?.['recommendation_id']) ?? asText(asRecord(record?.['structuredContent'])?.['recommendation_id']);
  if (found !== null) return /^[ -~]{1,128}$/.test(found) ? found : null;
  for (const block of asList(Array.isArray(value) ? value : record?.['content'])) {
    const text = asText(asRecord(block)?.['text']);
    const parsed = asRecord(text === null ? null : parsedJson(text));
    const inside = asText(parsed?.['recommendation_id']);
    if (inside !== null && /^[ -~]{1,128}$/.test(inside)) return inside;
  }
  return null;
}
