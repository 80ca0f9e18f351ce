import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlight } from '../../src/mcp/in-flight.ts';

const request = (id: string | number) => ({ jsonrpc: '2.0' as const, id, method: 'ping' });
const cancel = (requestId: unknown) => ({ jsonrpc: '2.0' as const, method: 'notifications/cancelled', params: { requestId } });

function having(...messages: readonly Parameters<InFlight['received']>[0][]): InFlight {
  const inFlight = new InFlight();
  for (const message of messages) inFlight.received(message, 10);
  return inFlight;
}

describe('the requests in flight', () => {
  it('count from their arrival to their answer, with their bytes', () => {
    const inFlight = having(request(1), request('1'), { jsonrpc: '2.0', method: 'notifications/initialized' });
    expect([inFlight.pending, inFlight.pending_bytes, inFlight.settled]).toEqual([2, 20, 0]);
    inFlight.settle(1);
    expect([inFlight.pending, inFlight.pending_bytes, inFlight.settled]).toEqual([1, 10, 1]);
    inFlight.settle(1);
    inFlight.settle('other');
    expect([inFlight.pending, inFlight.pending_bytes, inFlight.settled]).toEqual([1, 10, 1]);
  });

  it('count twice when two have the same id, and one answer settles one', () => {
    const inFlight = having(request(1), request(1));
    inFlight.settle(1);
    expect(inFlight.pending).toBe(1);
    inFlight.settle(1);
    expect([inFlight.pending, inFlight.pending_bytes]).toEqual([0, 0]);
  });

  it('do not count once they are cancelled', () => {
    const inFlight = having(request(1), request(2), cancel(1));
    expect([inFlight.pending, inFlight.settled]).toEqual([1, 1]);
  });

  it.each([2, '1', 0, '', null, undefined, {}, [1]])('a cancellation of %j, which is not in flight, is not handed on', (id) => {
    const inFlight = having(request(1));
    expect(inFlight.received(cancel(id), 10)).toBe(false);
    expect(inFlight.pending).toBe(1);
  });

  it('0 cannot be cancelled: the SDK takes it for no id and answers', () => {
    const inFlight = having(request(0));
    expect(inFlight.received(cancel(0), 10)).toBe(false);
    expect(inFlight.pending).toBe(1);
  });

  it('are as many as were received and not settled, whatever the order', () => {
    const step = fc.tuple(fc.constantFrom('request', 'cancel', 'settle'), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const inFlight = new InFlight();
        const open: number[] = [];
        for (const [kind, id] of steps) {
          if (kind === 'request') open.push(id);
          else if (open.includes(id)) open.splice(open.indexOf(id), 1);
          if (kind === 'settle') inFlight.settle(id);
          else inFlight.received(kind === 'request' ? request(id) : cancel(id), 10);
        }
        expect([inFlight.pending, inFlight.pending_bytes]).toEqual([open.length, 10 * open.length]);
      }),
    );
  });
});
