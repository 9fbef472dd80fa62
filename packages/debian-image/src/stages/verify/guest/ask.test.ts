import { expect, it } from 'vitest';
import { command, run } from '../../../host/index.ts';
import { askingScript, readAnswers } from './ask.ts';
import type { Question } from './questions.ts';

const question = (line: string): Question => ({ name: line, line, judge: (value) => ({ ok: true, value }) });
const asked = ['echo one; echo two', 'exit 3', 'no-such-program', 'printf "no end of line"', 'echo last'].map(question);

it('asks all in one script of any shell, whatever becomes of one of them', async () => {
  const { stdout } = await run(command('sh', ['-c', askingScript(asked)]), { doing: 'test' });
  expect(readAnswers(stdout, asked.length)).toEqual(['one\ntwo\n', '', '', 'no end of line', 'last\n']);
});

it('has no answers to what was not come to', () => {
  expect(readAnswers('Welcome\n\n::answer 0\nrunning\n', 3)).toEqual(['running\n', '', '']);
});
