import type { FileChange } from './file-change.ts';
import { JSON_TEXT } from './json-text.ts';
import type { ConfigPath } from './problem.ts';

/** The recorder's command line. */
export interface HookCommand {
  readonly command: string;
  readonly args: readonly string[];
}

type Handler = Readonly<Record<string, unknown>>;

/** Seconds after which the client ends a recorder that hangs. */
const TIMEOUT_S = 10;

/** The same as plugin/hooks/hooks.json. Failures are an event of their own: a recorder of successes alone would teach something false. */
const CLAUDE_EVENTS: readonly string[] = [
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
  'PermissionDenied',
  'Stop',
  'StopFailure',
  'SubagentStop',
  'SessionEnd',
];
const MATCHED = /ToolUse|Permission/;
/** After these nothing may follow: the client waits for the recorder, which takes milliseconds. */
const LAST = /^(?:Stop|SessionEnd)/;

/** The same as plugin/cursor/hooks.json. Calls of MCP servers are told with their server by a hook of their own. */
const CURSOR_EVENTS: ReadonlyMap<string, Handler> = new Map([
  ['beforeSubmitPrompt', {}],
  ['afterMCPExecution', {}],
  ['postToolUse', { matcher: '^(?!MCP:)' }],
  ['postToolUseFailure', {}],
  ['stop', {}],
  ['sessionEnd', {}],
]);

/** Hooks of Claude Code, in its settings.json: groups of handlers an event. */
export function claudeHooks(file: string, { command, args }: HookCommand): FileChange {
  const handler = (event: string) => ({ type: 'command', command, args, ...(LAST.test(event) ? {} : { async: true }), timeout: TIMEOUT_S });
  const group = (event: string) => ({ ...(MATCHED.test(event) ? { matcher: '*' } : {}), hooks: [handler(event)] });
  return hooksChange(file, {}, new Map(CLAUDE_EVENTS.map((event) => [event, group(event)])));
}

/** Hooks of Cursor, in its hooks.json: handlers an event, each a command for a shell. */
export function cursorHooks(file: string, { command, args }: HookCommand, platform: NodeJS.Platform): FileChange {
  const line = [command, ...args].map((word) => shellWord(word, platform)).join(' ');
  return hooksChange(file, { version: 1 }, new Map([...CURSOR_EVENTS].map(([event, more]) => [event, { command: line, ...more }])));
}

function hooksChange(file: string, head: Readonly<Record<string, unknown>>, wanted: ReadonlyMap<string, Handler>): FileChange {
  return {
    file,
    what: 'the hooks that record calls',
    state: (text) => (eventsIn(text).some(([, elements]) => elements.some(isOurs)) ? 'ours' : 'absent'),
    put: (text) => [...wanted].reduce((changed, [event, element]) => putElement(changed, event, element), withHead(text, head)),
    remove: (text) => eventsIn(text).reduce((changed, [event, elements]) => withoutOurs(changed, event, elements), text),
    copy: (from, to) => {
      const ours = eventsIn(from).flatMap(([event, elements]) => elements.filter(isOurs).map((element) => [event, element] as const));
      return ours.reduce((changed, [event, element]) => putElement(changed, event, element as Handler), withHead(to, head));
    },
  };
}

function withHead(text: string, head: Readonly<Record<string, unknown>>): string {
  return Object.entries(head).reduce(
    (changed, [name, value]) => (JSON_TEXT.valueAt(changed, [name]) === undefined ? JSON_TEXT.setValue(changed, [name], value) : changed),
    text,
  );
}

function eventsIn(text: string): readonly (readonly [event: string, elements: readonly unknown[]])[] {
  const hooks = JSON_TEXT.valueAt(text, ['hooks']);
  if (typeof hooks !== 'object' || hooks === null) return [];
  return Object.entries(hooks).flatMap(([event, elements]) => (Array.isArray(elements) ? [[event, elements] as const] : []));
}

/** Behind those of others; in the place of an older one of ours. */
function putElement(text: string, event: string, element: Handler): string {
  const there = eventsIn(text).find(([name]) => name === event)?.[1] ?? [];
  const at = there.findIndex(isOurs);
  return JSON_TEXT.setValue(text, ['hooks', event, at === -1 ? there.length : at], element);
}

function withoutOurs(text: string, event: string, elements: readonly unknown[]): string {
  const path: ConfigPath = ['hooks', event];
  const left = elements.reduceRight<string>(
    (changed, element, at) => (isOurs(element) ? JSON_TEXT.removeValue(changed, [...path, at]) : changed),
    text,
  );
  if (left === text || !isEmpty(left, path)) return left;
  const pruned = JSON_TEXT.removeValue(left, path);
  return isEmpty(pruned, ['hooks']) ? JSON_TEXT.removeValue(pruned, ['hooks']) : pruned;
}

function isEmpty(text: string, path: ConfigPath): boolean {
  return Object.keys(JSON_TEXT.valueAt(text, path) ?? {}).length === 0;
}

/** A handler that starts `toolwise hook`, or a group of which every handler does. */
function isOurs(element: unknown): boolean {
  if (typeof element !== 'object' || element === null) return false;
  const { hooks, command, args } = element as { hooks?: unknown; command?: unknown; args?: unknown };
  if (Array.isArray(hooks)) return hooks.length > 0 && hooks.every(isOurs);
  if (typeof command !== 'string') return false;
  return /(?:^|[\\/'" ])toolwise(?:\.(?:js|cmd|exe))?['"]? hook(?: |$)/.test([command, ...(Array.isArray(args) ? args : [])].join(' '));
}

function shellWord(word: string, platform: NodeJS.Platform): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return platform === 'win32' ? `"${word.replaceAll('"', '""')}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
