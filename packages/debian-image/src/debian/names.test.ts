import { expect, it } from 'vitest';
import { architectures, releaseNames } from './names.ts';
import { releaseOf } from './releases.ts';

it('names the releases and architectures that the table of Debian has', () => {
  const known = new Set(releaseNames.flatMap((name) => releaseOf(name).architectures));
  expect(architectures.toSorted()).toEqual([...known].toSorted());
});
