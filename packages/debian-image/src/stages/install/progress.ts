import type { Progress } from '@nx-debian-image/report';

/** Steps of mmdebstrap worth a line of their own, by the beginning of what it says. */
const steps: readonly [RegExp, string][] = [
  [/^I: extracting archives/, 'unpacking the essential packages'],
  [/^I: installing essential packages/, 'configuring the essential packages'],
  [/^I: installing remaining packages/, 'unpacking and configuring the rest'],
  [/^I: cleaning package lists/, 'writing the layer'],
];

const intervalMs = 5000;

/** A listener for mmdebstrap's lines: says each of its steps, and how many packages are configured every few seconds. */
export function createBootstrapProgress(progress: Progress, total: number, now: () => number = Date.now): (line: string) => void {
  let configured = 0;
  let last = now();
  return (line) => {
    const step = steps.find(([pattern]) => pattern.test(line));
    if (step) progress.note(step[1]);
    if (!line.startsWith('Setting up ')) return;
    configured += 1;
    if (now() - last < intervalMs) return;
    last = now();
    progress.note(`${Math.min(configured, total)} of ${total} packages configured`);
  };
}
