import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { command, printable, quote } from './command.ts';

const words = [
  'plain',
  '',
  'a b',
  "it's",
  '"$HOME"',
  '`date`',
  'a\nb',
  '\\n',
  '--x=1',
  '*?[a]',
  '~',
  '#no',
  'größe',
  '!!',
  '{a,b}',
  'a;b&c|d',
  '\t',
];

it('quotes words so that a shell reads them back unchanged', () => {
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`], { encoding: 'utf8' });
  expect(read.split('\0').slice(0, -1)).toEqual(words);
});

it('leaves plain words as they are', () => {
  expect(['/usr/bin/tar', '--size=1,2', 'a@b:c+d%e'].map(quote)).toEqual(['/usr/bin/tar', '--size=1,2', 'a@b:c+d%e']);
});

it('prints a command that a shell runs as it is meant, wherever it is pasted', () => {
  const program = 'print it';
  const planned = command(program, words, { env: { GREETING: 'good day', EMPTY: '' }, cwd: '/' });
  const define = `alias_() { printf '%s\\0' "$PWD" "$GREETING" "$EMPTY" "$@"; }`;
  // a function's name has no space: the word that stands for the program is replaced once it is known to be quoted
  const line = printable(planned);
  expect(line).toContain(" 'print it' ");
  const read = execFileSync('sh', ['-c', `${define}\n${line.replace("'print it'", 'alias_')}`], { encoding: 'utf8', cwd: '/tmp' });
  expect(read.split('\0').slice(0, -1)).toEqual(['/', 'good day', '', ...words]);
});

it('prints no folder and no variables where there are none', () => {
  expect(printable(command('true', []))).toBe('true');
});
