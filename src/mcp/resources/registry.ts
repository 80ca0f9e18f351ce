import { describeSession, describeTool, listTools, sessionNames, toolNames } from '../../engine/browse.ts';
import { getLearningStats } from '../../engine/get-learning-stats.ts';
import type { Resource, ResourceFamily } from './resource.ts';

export const RESOURCES: readonly Resource[] = [
  {
    uri: 'toolwise://stats',
    name: 'stats',
    title: 'Learning statistics',
    description: 'Updates, exploration, metric summaries and how often advice was followed',
    read: (engine) => getLearningStats(engine),
  },
  {
    uri: 'toolwise://tools',
    name: 'tools',
    title: 'Known tools',
    description: 'Every tool registered or recorded, with its calls and success rate',
    read: async (engine) => ({ tools: await listTools(engine) }),
  },
];

export const RESOURCE_FAMILIES: readonly ResourceFamily[] = [
  {
    prefix: 'toolwise://tools/',
    variable: 'name',
    name: 'tool',
    title: 'One tool',
    description: 'Metrics of a tool and the tools that usually follow it',
    read: describeTool,
    complete: toolNames,
  },
  {
    prefix: 'toolwise://sessions/',
    variable: 'id',
    name: 'session',
    title: 'One session',
    description: 'Calls and episodes of a session, newest first, in numbers and names',
    read: describeSession,
    complete: sessionNames,
  },
];
