import type { Intent } from './intent.ts';

/** Who is who, kept in the knowledge graph of server-memory. */
export const MEMORY_TASKS: readonly Intent[] = [
  {
    name: 'recall a person and add to it',
    times: 3,
    steps: [
      {
        ask: ['Do we know anybody called "{person}"?', 'Look up "{person}" in our contacts', 'What have I told you about {person}?'],
        tool: 'memory/search_nodes',
        arguments: (t) => ({ query: t.person }),
      },
      // The same words as for a file just found: only the step before tells which tool is meant.
      { ask: ['Open it', 'Let me see it'], tool: 'memory/open_nodes', arguments: (t) => ({ names: [t.person] }) },
      {
        ask: ['Add that they speak {language}', 'Remember that {language} is their mother tongue'],
        tool: 'memory/add_observations',
        arguments: (t) => ({ observations: [{ entityName: t.person, contents: [`speaks ${t.language}`] }] }),
      },
    ],
  },
  {
    name: 'remember a new contact',
    times: 1,
    steps: [
      {
        ask: ['Save a new contact, "{newcomer}"', 'I have met "{newcomer}", remember the name'],
        tool: 'memory/create_entities',
        arguments: (t) => ({ entities: [{ name: t.newcomer, entityType: 'person', observations: ['met at the fair'] }] }),
      },
      {
        ask: ['They work for "{company}"', 'Connect them with their employer, "{company}"'],
        tool: 'memory/create_relations',
        arguments: (t) => ({ relations: [{ from: t.newcomer, to: t.company, relationType: 'works for' }] }),
      },
    ],
  },
  {
    name: 'forget a person',
    times: 1,
    steps: [
      {
        ask: ['Delete the contact "{person}"', 'Forget everything about "{person}"'],
        tool: 'memory/delete_entities',
        arguments: (t) => ({ entityNames: [t.person] }),
      },
    ],
  },
  {
    name: 'take a fact back',
    times: 1,
    steps: [
      {
        ask: ['What do we know about the habits of "{person}"?', 'Look up "{person}" in our contacts'],
        tool: 'memory/search_nodes',
        arguments: (t) => ({ query: t.person }),
      },
      {
        ask: ['They no longer drink {drink}, correct that', 'Strike the remark about {drink}'],
        tool: 'memory/delete_observations',
        arguments: (t) => ({ deletions: [{ entityName: t.person, observations: [`drinks ${t.drink}`] }] }),
      },
    ],
  },
  {
    name: 'somebody has left the company',
    times: 1,
    steps: [
      {
        ask: ['"{person}" has left "{company}"', '"{person}" no longer works at "{company}", cut the link'],
        tool: 'memory/delete_relations',
        arguments: (t) => ({ relations: [{ from: t.person, to: t.company, relationType: 'works for' }] }),
      },
    ],
  },
  {
    name: 'overview',
    times: 1,
    steps: [
      { ask: ['Give me an overview of all contacts', 'Show the whole knowledge graph'], tool: 'memory/read_graph', arguments: () => ({}) },
    ],
  },
];
