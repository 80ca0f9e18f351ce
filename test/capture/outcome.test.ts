import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callOutcome } from '../../src/capture/outcome.ts';

const text = (said: string) => ({ content: [{ type: 'text', text: said }] });

describe('the outcome of a call', () => {
  test.each([
    ['an answer', text('fine'), true],
    ['isError', { ...text('no'), isError: true }, false],
    ['isError: false', { ...text('fine'), isError: false }, true],
    ['a result inside the result', { result: { ...text('no'), isError: true } }, false],
    ['the result of an old client', { toolResult: { isError: true } }, false],
    ['structured content', { ...text('x'), structuredContent: { isError: true } }, false],
    ['a result as the only text', text(JSON.stringify({ ...text('no'), isError: true })), false],
    ['a result as a string', JSON.stringify({ content: [], isError: true }), false],
    ['two levels inside', { result: { result: { isError: true } } }, false],
    ['a result in structured content', { ...text('x'), structuredContent: { result: { isError: true } } }, false],
    ['a text in a result inside', { result: text('{"isError":true}') }, false],
    ['content blocks alone', [{ type: 'text', text: '{"isError":true,"why":"gone"}' }], false],
    [
      'the second of two texts',
      {
        content: [
          { type: 'text', text: 'said' },
          { type: 'text', text: '{"isError":true}' },
        ],
      },
      false,
    ],
    ['three levels inside', { result: { result: { result: { isError: true } } } }, true],
    ['a text about errors', text('"isError": true is how a server says that it failed'), true],
    ['a document that holds the words', text(JSON.stringify({ schema: { isError: true } })), true],
    ['nothing', null, true],
  ])('is told by %s', (_, answer, success) => {
    expect(callOutcome(answer).success).toBe(success);
  });

  test('has the words of a failure, and the text of any answer', () => {
    expect(callOutcome({ ...text('no such file'), isError: true })).toEqual({
      success: false,
      error_message: 'no such file',
      text: 'no such file',
    });
    expect(callOutcome({ rows: 3 })).toEqual({ success: true, error_message: null, text: '{"rows":3}' });
  });

  test('can be told of anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        expect(typeof callOutcome(answer).success).toBe('boolean');
      }),
    );
  });
});
