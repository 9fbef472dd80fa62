import { describe as tell, Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { type InstallationSight, judgeInstallation } from './verdict.ts';

const going: InstallationSight = {
  spoken: true,
  panicked: false,
  poweredOff: false,
  question: undefined,
  lastLines: ['Installing the base system  ... 6%'],
  waited: 600,
  silent: 300,
  ended: false,
};

const judged = (sight: Partial<InstallationSight>): boolean | Failure => judgeInstallation({ ...going, ...sight }, { seconds: 3600 });
const asks = 'Set up users and passwords\n---\n\nRoot password:';

it.each<[string, Partial<InstallationSight>]>([
  ['it works in silence', {}],
  ['a question has only just come', { question: asks, silent: 5 }],
  ['the kernel has not begun', { spoken: false, waited: 30 }],
  ['it is turning itself off', { poweredOff: true }],
])('waits on where %s', (_, sight) => {
  expect(judged(sight)).toBe(false);
});

it('is done once the machine is off', () => {
  expect(judged({ poweredOff: true, ended: true })).toBe(true);
});

it.each<[string, Partial<InstallationSight>, Failure['reason'], RegExp]>([
  [
    'a question that stays',
    { question: asks, silent: 25 },
    'invalid',
    /asks something that nobody answers[^]*Root password:[^]*install\.installer\.preseed/,
  ],
  ['a panic', { panicked: true }, 'command-failed', /kernel panicked[^]*install\.installer\.memory/],
  ['an end before its time', { ended: true }, 'command-failed', /ended before the installation was done[^]*Installing the base system/],
  ['a guest that says nothing', { spoken: false, waited: 121 }, 'timeout', /said nothing within 120 s/],
  ['the end of its time', { waited: 3601 }, 'timeout', /not done within 60 min[^]*timeLimit/],
  [
    'a download that failed',
    { question: 'Bad archive mirror\n---\n\nAn error has been detected while trying to use the specified mirror.', silent: 25 },
    'unreachable',
    /could not fetch something[^]*Bad archive mirror/,
  ],
])('fails for %s', (_, sight, reason, words) => {
  const failure = judged(sight);
  expect(failure).toMatchObject({ reason });
  expect(tell(failure)).toMatch(words);
});
