import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { type InsideSight, judgeInside } from './verdict.ts';

const limits = { seconds: 600, silence: { starting: 60, working: 300 } };
const sight: InsideSight = {
  began: false,
  status: undefined,
  lost: undefined,
  panicked: false,
  full: false,
  gone: false,
  waited: 10,
  silent: 2,
  lastLines: ['last words'],
};

it.each<[Partial<InsideSight>, number | undefined]>([
  [{}, undefined],
  [{ began: true, silent: 299 }, undefined],
  [{ began: true, status: 7 }, undefined],
  [{ panicked: true }, undefined],
  [{ began: true, status: 7, gone: true }, 7],
  [{ began: true, status: 0, gone: true, silent: 9999, waited: 9999 }, 0],
])('%j: %s', (change, verdict) => expect(judgeInside({ ...sight, ...change }, limits)).toBe(verdict));

it.each<[Partial<InsideSight>, string, string]>([
  [{ gone: true }, 'command-failed', 'the machine with the installed system ended before the script began'],
  [{ gone: true, began: true }, 'command-failed', 'the machine with the installed system ended while the script ran'],
  [{ gone: true, panicked: true }, 'command-failed', 'the kernel of the installed system panicked before the script began'],
  [{ gone: true, panicked: true, lost: 'there is no disk vda1' }, 'command-failed', 'the installed system: there is no disk vda1'],
  [{ silent: 60 }, 'timeout', 'the installed system was silent for 60 s before the script began'],
  [{ began: true, silent: 300.4 }, 'timeout', 'the installed system was silent for 300 s while the script ran'],
  [{ began: true, waited: 600 }, 'timeout', 'the installed system was not done within 600 s'],
  [{ began: true, full: true }, 'no-space', 'no space left on this machine for what the system writes to its disk'],
])('%j fails as %s', (change, reason, message) => {
  const verdict = judgeInside({ ...sight, ...change }, limits);
  expect(verdict).toBeInstanceOf(Failure);
  expect(verdict).toMatchObject({ reason, message, said: 'last words' });
});
