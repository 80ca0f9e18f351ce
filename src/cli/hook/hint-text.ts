import { isOwnTool } from '../../capture/names.ts';
import { TOOL_NAME } from '../../core/names.ts';
import type { RecommendedTool } from '../../engine/recommend-tools.ts';

/** Calls without which a tool is not named, however sure the learner is. */
const LEAST_SUPPORT = 3;
/** Tools that are named at most. */
export const MOST_NAMED = 3;

/** Those of a ranking that are worth naming unasked, best first. @param threshold confidence in [0, 1] */
export function worthNaming(ranking: readonly RecommendedTool[], threshold: number): readonly RecommendedTool[] {
  const sure = ranking.filter(({ confidence, support }) => confidence >= threshold && support >= LEAST_SUPPORT);
  return sure.filter(({ tool_name }) => TOOL_NAME.test(tool_name) && !isOwnTool(tool_name)).slice(0, MOST_NAMED);
}

/**
 * The line that Claude Code puts into the model's context. Nothing recorded enters but names of tools, whose alphabet has no spaces: whoever
 * wrote what was recorded cannot speak to the model through it.
 */
export function hintLine(named: readonly RecommendedTool[]): string {
  const tools = named.map(
    ({ tool_name, confidence, support }) => `${tool_name} worked (confidence ${confidence.toFixed(2)} of 1, ${support} calls)`,
  );
  const additionalContext = `toolwise: for requests like this, ${tools.join('; ')}`;
  return JSON.stringify({ hookSpecificOutput: { hookEventName: 'UserPromptSubmit', additionalContext } });
}
