import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { type PersonTerminal, readKeys } from './terminal.ts';

/** A terminal that notes what is done to it. */
class NotingInput extends EventEmitter {
  readonly done: string[] = [];
  setRawMode(raw: boolean): this {
    this.done.push(raw ? 'raw' : 'cooked');
    return this;
  }
  resume(): this {
    this.done.push('resume');
    return this;
  }
  pause(): this {
    this.done.push('pause');
    return this;
  }
}

it('gives every key but the escape, and makes the terminal what it was', () => {
  const input = new NotingInput();
  let typed = '';
  let escapes = 0;
  const restore = readKeys(
    { input: input as unknown as PersonTerminal['input'] },
    {
      onKeys: (bytes) => void (typed += bytes.toString('latin1')),
      onEscape: () => void (escapes += 1),
    },
  );
  input.emit('data', Buffer.from('ls\r\u0003'));
  expect([typed, escapes]).toEqual(['ls\r\u0003', 0]);
  input.emit('data', Buffer.from('exit\u001Dlost'));
  expect([typed, escapes]).toEqual(['ls\r\u0003exit', 1]);
  restore();
  expect(input.done).toEqual(['raw', 'resume', 'pause', 'cooked']);
  expect(input.listenerCount('data')).toBe(0);
});
