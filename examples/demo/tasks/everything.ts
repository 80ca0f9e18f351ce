import type { Intent } from './intent.ts';

/** Odd jobs, served by server-everything. */
export const ODD_JOBS: readonly Intent[] = [
  {
    name: 'add numbers',
    times: 1,
    steps: [
      {
        ask: ['What is {number} plus 30?', 'Add up {number} and 30'],
        tool: 'everything/get-sum',
        arguments: (t) => ({ a: t.number, b: 30 }),
      },
    ],
  },
  {
    name: 'ask for the weather',
    times: 1,
    steps: [
      {
        ask: ['What is the weather in {city}?', 'Will it rain in {city} today?'],
        tool: 'everything/get-structured-content',
        arguments: (t) => ({ location: t.city }),
      },
    ],
  },
  {
    name: 'compress a text',
    times: 1,
    steps: [
      {
        ask: ['Compress "{topic}"', 'Make a zip of the text "{topic}"'],
        tool: 'everything/gzip-file-as-resource',
        arguments: (t) => ({ name: `${t.topic}.gz`, data: `data:text/plain,${t.topic}`, outputType: 'resourceLink' }),
      },
    ],
  },
  {
    name: 'repeat a word',
    times: 1,
    steps: [
      {
        ask: ['Say "{topic}" back to me', 'Repeat the word "{topic}"'],
        tool: 'everything/echo',
        arguments: (t) => ({ message: t.topic }),
      },
    ],
  },
  {
    name: 'show the logo',
    times: 1,
    steps: [{ ask: ['Show the MCP logo', 'I need the logo for my slides'], tool: 'everything/get-tiny-image', arguments: () => ({}) }],
  },
  {
    name: 'run the long job',
    times: 1,
    steps: [
      {
        ask: ['Start the long job', 'Run job {number} to the end'],
        tool: 'everything/trigger-long-running-operation',
        arguments: () => ({ duration: 0.05, steps: 1 }),
      },
    ],
  },
  {
    name: 'fetch a resource',
    times: 1,
    steps: [
      {
        ask: ['Attach resource {number}', 'Fetch the resource with number {number}'],
        tool: 'everything/get-resource-reference',
        arguments: (t) => ({ resourceType: 'Text', resourceId: t.number }),
      },
    ],
  },
];
