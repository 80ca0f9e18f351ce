import type { Arguments } from '../../support/server.ts';
import type { Intent, Thing, Way } from './intent.ts';

const readReport: Way = { tool: 'filesystem/read_text_file', arguments: (t) => ({ path: t.report }) };
const REPORT = ['Give me the report of week {number}', 'What happened in week {number}?'];
const minutes = (t: Thing): Arguments => ({ path: `${t.minutes}/notes.md`, content: `# Minutes ${t.number}\n` });
const correct = (wrong: string) => (t: Thing) => ({ path: t.file, edits: [{ oldText: wrong, newText: 'the' }] });

/** What truly fails: calls that cannot succeed (`fails`), and habits that turn out wrong for a kind of request. */
export const FAILING_TASKS: readonly Intent[] = [
  {
    name: 'a missing file',
    times: 1,
    steps: [
      {
        ask: ['Read {missing_file}', 'Show me the text of {missing_file}'],
        tool: 'filesystem/read_text_file',
        arguments: (t) => ({ path: t.missing_file }),
        fails: true,
      },
      {
        ask: ['It is not there, find it', 'Then search for it'],
        tool: 'filesystem/search_files',
        arguments: (t) => ({ path: '.', pattern: `**/*${t.topic}*`, excludePatterns: ['archive', 'pictures'] }),
      },
    ],
  },
  {
    name: 'a file outside the allowed folder',
    times: 1,
    steps: [
      {
        ask: ['Read {private_file}', 'What does {private_file} say?'],
        tool: 'filesystem/read_text_file',
        arguments: (t) => ({ path: t.private_file }),
        fails: true,
      },
      {
        ask: ['Where may you look at all?', 'Which folders are allowed?'],
        tool: 'filesystem/list_allowed_directories',
        arguments: () => ({}),
      },
    ],
  },
  {
    name: 'arguments of the wrong type',
    times: 1,
    steps: [
      {
        ask: ['What is forty plus {number}?', 'Add up forty and {number}'],
        tool: 'everything/get-sum',
        arguments: (t) => ({ a: 'forty', b: t.number }),
        fails: true,
      },
      { ask: ['Forty is 40, try again', 'Use 40 instead'], tool: 'everything/get-sum', arguments: (t) => ({ a: 40, b: t.number }) },
    ],
  },
  {
    name: 'arguments out of range',
    times: 1,
    steps: [
      {
        ask: ['Give me 50 resource links', 'List 50 links to resources'],
        tool: 'everything/get-resource-links',
        arguments: () => ({ count: 50 }),
        fails: true,
      },
      { ask: ['10 are enough', 'Then only 10 of them'], tool: 'everything/get-resource-links', arguments: () => ({ count: 10 }) },
    ],
  },
  // Half-way through the run the reports move out of the allowed folder (workspace.ts): what was right begins to fail.
  { name: 'a report', times: 4, half: 'first', steps: [{ ask: REPORT, ...readReport }] },
  {
    name: 'a report that has moved away',
    times: 4,
    half: 'second',
    steps: [{ ask: REPORT, tool: 'memory/open_nodes', arguments: (t) => ({ names: [t.report_node] }), habit: readReport }],
  },
  {
    name: 'a typing error, corrected unseen',
    times: 2,
    steps: [
      {
        ask: ['Correct the typing error in {file}', 'There is a misspelt word in {file}, fix it'],
        tool: 'filesystem/read_text_file',
        arguments: (t) => ({ path: t.file }),
        habit: { tool: 'filesystem/edit_file', arguments: correct('hte') },
      },
      { ask: ['I see it, correct it', 'Now fix the word'], tool: 'filesystem/edit_file', arguments: correct('teh') },
    ],
  },
  {
    name: 'a file in a folder that does not exist',
    times: 2,
    steps: [
      {
        ask: ['Start the minutes of meeting {number}', 'Prepare minutes for meeting {number}'],
        tool: 'filesystem/create_directory',
        arguments: (t) => ({ path: t.minutes }),
        habit: { tool: 'filesystem/write_file', arguments: minutes },
      },
      { ask: ['Put down the agenda', 'Write the first page'], tool: 'filesystem/write_file', arguments: minutes },
    ],
  },
  {
    name: 'a remark on a person not known yet',
    times: 2,
    steps: [
      {
        ask: ['Our newcomer "{newcomer}" speaks {language}', 'Note the mother tongue of the newcomer "{newcomer}"'],
        tool: 'memory/create_entities',
        arguments: (t) => ({ entities: [{ name: t.newcomer, entityType: 'person', observations: [`speaks ${t.language}`] }] }),
        habit: {
          tool: 'memory/add_observations',
          arguments: (t) => ({ observations: [{ entityName: t.newcomer, contents: [`speaks ${t.language}`] }] }),
        },
      },
    ],
  },
  {
    name: 'a tool that this client cannot run',
    times: 2,
    steps: [
      {
        ask: ['Research what we have on "{topic}"', 'Collect what is known about "{topic}"'],
        tool: 'filesystem/search_files',
        arguments: (t) => ({ path: '.', pattern: `**/*${t.topic}*`, excludePatterns: ['archive', 'pictures'] }),
        habit: { tool: 'everything/simulate-research-query', arguments: (t) => ({ topic: t.topic }) },
      },
    ],
  },
];
