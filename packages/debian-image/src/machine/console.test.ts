import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConsoleReader, type ConsoleState } from './console.ts';
import { plainLine } from './plain-line.ts';

const recorded = (name: string): Buffer => readFileSync(new URL(`testing/bookworm-${name}.log`, import.meta.url));

function read(bytes: Uint8Array, size: number): ConsoleReader {
  const reader = new ConsoleReader();
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
  return reader;
}

describe('recorded consoles', () => {
  it.each<[ConsoleState, string]>([
    ['login', 'debian login: '],
    ['panic', 'Rebooting in 1 seconds..'],
    ['initramfs', '(initramfs) '],
    ['emergency', '(or press Control-D to continue): '],
    ['reboot-loop', 'Rebooting in 1 seconds..'],
  ])('%s, however the chunks are cut', (state, last) => {
    for (const size of [7, 4096, 1 << 20]) {
      const reader = read(recorded(state), size);
      expect(reader.state).toBe(state);
      expect(reader.lastLines.at(-1)).toContain(last);
    }
  });
});

describe('states', () => {
  it.each<[string, ConsoleState]>([
    ['', 'nothing'],
    ['\r\n[    0.000000] Linux version 6.1.0\r\n', 'booting'],
    ['Last login: yesterday\r\n', 'booting'],
    ['My host login: ', 'booting'],
    ['\u001B[Kserver-1.example login: ', 'login'],
    ['a login: \r\n[ 0.000000] Linux version 6\r\n', 'booting'],
    ['dracut:/# ', 'initramfs'],
  ])('%j is %s', (text, expected) => expect(read(Buffer.from(text), 5).state).toBe(expected));
});

it('gives lines as plain text', () => {
  const lines: string[] = [];
  const reader = new ConsoleReader((line) => lines.push(line));
  reader.feed(Buffer.from('\u001B[0;32m  OK  \u001B[0m\r\nfsck 10 %\rfsck 90 %\r\ngrüß'.slice(0, -1)));
  expect(lines).toEqual(['  OK  ', 'fsck 90 %']);
});

it('keeps a letter whole that two chunks share', () => {
  const lines: string[] = [];
  const reader = new ConsoleReader((line) => lines.push(line));
  const bytes = Buffer.from('é\n');
  reader.feed(bytes.subarray(0, 1));
  reader.feed(bytes.subarray(1));
  expect(lines).toEqual(['é']);
});

it.each([
  ['\u001B]0;title\u0007text', 'text'],
  ['\u001B(Btext\u001Bc', 'text'],
  ['a\u0000b\u007F', 'ab'],
])('plainLine(%j) is %j', (raw, plain) => expect(plainLine(raw)).toBe(plain));

describe('clues', () => {
  it.each([
    ['initramfs', 'ALERT!  /dev/vdz does not exist.  Dropping to a shell!'],
    ['panic', 'VFS: Cannot open root device "vda" or unknown-block(0,0): error -6'],
    ['login', ''],
  ])('%s', (name, clue) => expect(read(recorded(name), 4096).clue).toBe(clue));
});
