import fc from 'fast-check';

/** Arguments as the exact JSON text on the wire, so that `1e999`, lone surrogates and `__proto__` reach the server as they are. */
export interface HostileCall {
  /** The JSON text of `arguments`. */
  readonly text: string;
  /** The fields that were replaced, removed or added; `arguments` when it is no object at all. */
  readonly touched: readonly string[];
}

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);
const quoted = (text: string): string => JSON.stringify(text);

/** JSON texts that are wrong, or at least odd, for most fields. */
const ODD_VALUES: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '6',
  '1e999',
  '-1e999',
  '1e308',
  '5e-324',
  '9007199254740993',
  '86400001',
  '"NaN"',
  '"Infinity"',
  '"1"',
  '"true"',
  '""',
  '" "',
  '"two words"',
  '"\\ud800"',
  '"a\\u0000b"',
  '"\\u202etxt.exe"',
  '"sea\\u200brch"',
  '"s\\u0435arch"',
  '"\\udb40\\udc41hidden"',
  '"line\\nbreak"',
  quoted('../../etc/passwd'),
  quoted('file:///etc/passwd'),
  quoted("'; DROP TABLE executions; --"),
  quoted('" OR 1=1 --'),
  quoted('* NEAR( "'),
  '"__proto__"',
  '"constructor"',
  '"hasOwnProperty"',
  '"toString"',
  quoted('$' + '{HOME}'),
  quoted('<script>alert(1)</script>'),
  quoted('x'.repeat(129)),
  quoted('long '.repeat(1_601)),
  quoted('y'.repeat(100_000)),
  quoted('🧰'.repeat(5_000)),
  '[]',
  '{}',
  '[null]',
  '[""]',
  '[[]]',
  '[{}]',
  '[1, "a"]',
  '["ok", "not ok"]',
  '{"__proto__": {"polluted": true}}',
  '{"constructor": {"prototype": {}}}',
  '{"": 1}',
  `[${Array.from({ length: 5_001 }, (_, n) => `"tool_${n}"`).join()}]`,
  `{${Array.from({ length: 500 }, (_, n) => `"key_${n}": ${n}`).join()}}`,
  nested(40, '[', ']'),
  nested(3_000, '[', ']'),
  `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
];

/** Names of arguments that no tool has. */
const ODD_KEYS: readonly string[] = [
  'sesion_id',
  'toolName',
  'constructor',
  'prototype',
  'toString',
  '',
  ' session_id',
  'session_id\u0000',
  'sess\u0456on_id',
  'k'.repeat(5_000),
  'a.b[0]',
  '$where',
];

type Mutation =
  | { readonly kind: 'replace' | 'add'; readonly key: string; readonly text: string }
  | { readonly kind: 'remove'; readonly key: string };

/**
 * One to three mutations of arguments that a tool accepts.
 * @param accepted a valid value for every property of the tool, required or not
 * @param required the properties that the valid call starts from; the others are added by a mutation only
 */
export function hostileCalls(accepted: Readonly<Record<string, unknown>>, required: readonly string[]): fc.Arbitrary<HostileCall> {
  const odd = fc.constantFrom(...ODD_VALUES);
  const added = fc.record({ kind: fc.constant('add' as const), key: fc.constantFrom(...ODD_KEYS), text: odd });
  const [first, ...rest] = Object.keys(accepted);
  const known = first === undefined ? fc.constantFrom(...ODD_KEYS) : fc.constantFrom(first, ...rest);
  const replaced = fc.record({ kind: fc.constant('replace' as const), key: known, text: fc.oneof(odd, fc.json()) });
  const removed = fc.record({ kind: fc.constant('remove' as const), key: known });
  const mutations: fc.Arbitrary<Mutation> = fc.oneof({ arbitrary: replaced, weight: 6 }, added, removed);
  const base = required.map((key) => [key, JSON.stringify(accepted[key])] as const);
  const mutated = fc.array(mutations, { minLength: 1, maxLength: 3 }).map((list) => applied(base, list));
  const shapeless = fc.constantFrom('null', '[]', '"text"', '7', '[{}]', 'true').map((text) => ({ text, touched: ['arguments'] }));
  return fc.oneof({ arbitrary: mutated, weight: 12 }, shapeless);
}

function applied(base: readonly (readonly [string, string])[], mutations: readonly Mutation[]): HostileCall {
  const fields = new Map(base);
  for (const mutation of mutations) {
    if (mutation.kind === 'remove') fields.delete(mutation.key);
    else fields.set(mutation.key, mutation.text);
  }
  const members = [...fields].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return { text: `{${members.join()}}`, touched: mutations.map(({ key }) => key) };
}
