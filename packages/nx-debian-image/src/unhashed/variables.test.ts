import { expect, it } from 'vitest';
import { carriedBy, variableOf } from './variables.ts';

it.each(['images/web', 'images/web_1-é', "it's % here", '.'])(
  'names a variable for %s that a shell would take, and reads it again',
  (name) => {
    for (const kind of ['files', 'published'] as const) {
      const variable = variableOf({ kind, name });
      expect(variable).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
      expect(carriedBy(variable)).toEqual({ kind, name });
    }
  },
);

it('knows its own from others', () => {
  expect(carriedBy('DEBIAN_IMAGE_STORE')).toBeUndefined();
});
