import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { createBootstrapProgress } from './progress.ts';

it('says each step of mmdebstrap, and every few seconds how many packages are configured', () => {
  const notes: string[] = [];
  let now = 0;
  const hear = createBootstrapProgress({ ...silent, note: (text) => notes.push(text) }, 3, () => now);
  hear('I: extracting archives...');
  hear('Setting up base-files (12.4) ...');
  now = 4999;
  hear('Setting up bash (5.2) ...');
  now = 5000;
  hear('I: installing remaining packages inside the chroot...');
  hear('Unpacking vim (2:9.0) ...');
  hear('Setting up vim (2:9.0) ...');
  hear('Setting up less (1) ...');
  now = 10_000;
  hear('Setting up one more, for a trigger ...');
  hear('I: cleaning package lists and apt cache...');
  expect(notes).toEqual([
    'unpacking the essential packages',
    'unpacking and configuring the rest',
    '3 of 3 packages configured',
    '3 of 3 packages configured',
    'writing the layer',
  ]);
});
