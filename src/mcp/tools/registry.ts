import type { Tool } from '../define-tool.ts';
import { evaluatePolicyTool } from './evaluate-policy.ts';
import { forgetTool } from './forget.ts';
import { getHistoryTool } from './get-history.ts';
import { getLearningStatsTool } from './get-learning-stats.ts';
import { getPolicyTool } from './get-policy.ts';
import { getToolMetricsTool } from './get-tool-metrics.ts';
import { logEpisodeTool } from './log-episode.ts';
import { nextToolBySequenceTool } from './next-tool-by-sequence.ts';
import { recommendToolsTool } from './recommend-tools.ts';
import { recordExecutionTool } from './record-execution.ts';
import { registerToolsTool } from './register-tools.ts';
import { resetExplorationTool } from './reset-exploration.ts';
import { selectToolTool } from './select-tool.ts';
import { submitFeedbackTool } from './submit-feedback.ts';
import { suggestParametersTool } from './suggest-parameters.ts';
import { trainTool } from './train.ts';

const ALL: readonly Tool[] = [
  recommendToolsTool,
  selectToolTool,
  recordExecutionTool,
  submitFeedbackTool,
  logEpisodeTool,
  nextToolBySequenceTool,
  suggestParametersTool,
  registerToolsTool,
  getToolMetricsTool,
  getPolicyTool,
  getHistoryTool,
  getLearningStatsTool,
  evaluatePolicyTool,
  trainTool,
  resetExplorationTool,
  forgetTool,
];

/** Every tool by name, in the order of tools/list (always the same: clients cache prompts by it). */
export const TOOLS: ReadonlyMap<string, Tool> = new Map(ALL.map((tool) => [tool.name, tool]));
