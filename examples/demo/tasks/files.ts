import type { Intent } from './intent.ts';

/** Work on the files of a small company, served by server-filesystem. */
export const FILE_TASKS: readonly Intent[] = [
  {
    name: 'read a note',
    times: 3,
    steps: [
      {
        ask: ['Read {file}', 'Show me the text of {file}', 'What does {file} say?'],
        tool: 'filesystem/read_text_file',
        arguments: (t) => ({ path: t.file }),
      },
    ],
  },
  {
    name: 'look at the beginning',
    times: 1,
    steps: [
      {
        ask: ['Show the first 2 lines of {file}', 'Only the beginning of {file}, please'],
        tool: 'filesystem/read_text_file',
        arguments: (t) => ({ path: t.file, head: 2 }),
      },
    ],
  },
  {
    name: 'compare two notes',
    times: 1,
    steps: [
      {
        ask: ['Compare {file} with {other_file}', 'How do {file} and {other_file} differ?'],
        tool: 'filesystem/read_multiple_files',
        arguments: (t) => ({ paths: [t.file, t.other_file] }),
      },
    ],
  },
  {
    name: 'list a folder',
    times: 1,
    steps: [
      {
        ask: ['List the folder {folder}', 'Which files are in {folder}?'],
        tool: 'filesystem/list_directory',
        arguments: (t) => ({ path: t.folder }),
      },
    ],
  },
  {
    name: 'find what is large',
    times: 1,
    steps: [
      {
        ask: ['What takes the most space in {folder}?', 'Sort the files of {folder} by size'],
        tool: 'filesystem/list_directory_with_sizes',
        arguments: (t) => ({ path: t.folder, sortBy: 'size' }),
      },
    ],
  },
  {
    name: 'draw the tree',
    times: 1,
    steps: [
      {
        ask: ['Draw the tree of {folder}', 'Show {folder} with all its sub-folders'],
        tool: 'filesystem/directory_tree',
        arguments: (t) => ({ path: t.folder }),
      },
    ],
  },
  {
    name: 'ask for the age',
    times: 1,
    steps: [
      {
        ask: ['When was {file} last changed?', 'How old is {file}?'],
        tool: 'filesystem/get_file_info',
        arguments: (t) => ({ path: t.file }),
      },
    ],
  },
  {
    name: 'write a note',
    times: 1,
    steps: [
      {
        ask: ['Write a summary to {new_file}', 'Save a new note as {new_file}'],
        tool: 'filesystem/write_file',
        arguments: (t) => ({ path: t.new_file, content: `# Summary\nAll about ${t.topic}.\n` }),
      },
    ],
  },
  {
    name: 'put away',
    times: 1,
    steps: [
      {
        ask: ['Rename {file} to {new_file}', 'Put {file} into the archive'],
        tool: 'filesystem/move_file',
        arguments: (t) => ({ source: t.file, destination: `archive/${t.number}.md` }),
      },
    ],
  },
  {
    name: 'find, read and edit',
    times: 2,
    steps: [
      {
        ask: ['Find the note about "{topic}"', 'Where is the note on "{topic}"?', 'Search for the "{topic}" note'],
        tool: 'filesystem/search_files',
        arguments: (t) => ({ path: '.', pattern: `**/${t.topic}-${t.number}.md`, excludePatterns: ['archive', 'pictures'] }),
      },
      { ask: ['Open it', 'Let me see it'], tool: 'filesystem/read_text_file', arguments: (t) => ({ path: t.file }) },
      {
        ask: ['Mark it as final', 'Change its status to final'],
        tool: 'filesystem/edit_file',
        arguments: (t) => ({ path: t.file, edits: [{ oldText: 'status: draft', newText: 'status: final' }] }),
      },
    ],
  },
  {
    name: 'look at a picture',
    times: 1,
    steps: [
      {
        ask: ['Show the picture {picture}', 'What can be seen in {picture}?'],
        tool: 'filesystem/read_media_file',
        arguments: (t) => ({ path: t.picture }),
      },
    ],
  },
];
