import type { Trx } from '../../store/database.ts';
import { findEpisode } from '../../store/episodes.ts';
import { hasReset } from '../../store/exploration-resets.ts';
import { hasFeedback } from '../../store/feedback.ts';
import type { Entry } from '../../store/log-entries.ts';
import { findRecommendation } from '../../store/recommendations.ts';
import { registrationsOf } from '../../store/registrations.ts';
import { findToolsByName } from '../../store/tools.ts';

/** Whether the database holds this entry already. Executions are asked by their id when they are recorded, trainings have none. */
export async function isKnown(trx: Trx, entry: Entry): Promise<boolean> {
  switch (entry.kind) {
    case 'registration':
      return await isRegistered(trx, entry);
    case 'feedback':
      return await hasFeedback(trx, { execution_id: entry.execution_id, rating: entry.rating, created_at_ms: entry.at_ms });
    case 'episode':
      return (await findEpisode(trx, entry.episode_id)) !== undefined;
    case 'recommendation':
      return (await findRecommendation(trx, entry.recommendation_id)) !== undefined;
    case 'reset':
      return await hasReset(trx, entry.at_ms);
    case 'execution':
    case 'training':
      return false;
  }
}

async function isRegistered(trx: Trx, entry: Extract<Entry, { kind: 'registration' }>): Promise<boolean> {
  const [tool] = await findToolsByName(trx, [entry.tool_name]);
  const latest = tool === undefined ? undefined : (await registrationsOf(trx, [tool.tool_id])).get(tool.tool_id);
  if (latest === undefined) return false;
  return latest.created_at_ms >= entry.at_ms || (latest.description === entry.description && latest.input_schema === entry.input_schema);
}
