import { expect, it } from 'vitest';
import { planPublication } from './plan.ts';
import { version } from './testing/samples.ts';

const three = [version('20261120', 'a'), version('20261121', 'b'), version('20261122', 'c')];
const draft = version('20261123', 'd');

it('publishes the first version', () => {
  expect(planPublication([], draft, 3)).toEqual({ action: 'publish', version: draft, remove: [] });
});

it('keeps as many versions as asked for, the new one included', () => {
  expect(planPublication(three, draft, 9).remove).toEqual([]);
  expect(planPublication(three, draft, 3).remove).toEqual(['20261120']);
  expect(planPublication(three, draft, 1).remove).toEqual(['20261120', '20261121', '20261122']);
});

it('does nothing where the newest has the same bytes, whatever version was meant', () => {
  expect(planPublication(three, version('20261123', 'c'), 3)).toEqual({ action: 'keep', version: three[2], remove: [] });
  expect(planPublication(three, version('20261123', 'c'), 2).remove).toEqual(['20261120']);
});

it('publishes bytes that only an older version has', () => {
  expect(planPublication(three, version('20261123', 'a'), 3).action).toBe('publish');
});

it('changes a description alone', () => {
  const described = version('20261123', 'c', { product: { ...draft.product, description: 'Other words' } });
  const plan = planPublication(three, described, 3);
  expect(plan.action).toBe('describe');
  expect(plan.version).toEqual({ ...three[2], product: described.product });
});

it('withholds bytes that were rolled back, and does not count them', () => {
  const rolledBack = [three[0]!, three[1]!, { ...three[2]!, withdrawn: true }];
  expect(planPublication(rolledBack, version('20261123', 'c'), 3)).toMatchObject({ action: 'withhold', version: { version: '20261122' } });
  expect(planPublication(rolledBack, version('20261123', 'b'), 3)).toMatchObject({ action: 'keep', version: { version: '20261121' } });
  expect(planPublication(rolledBack, draft, 3).remove).toEqual([]);
  expect(planPublication(rolledBack, draft, 2).remove).toEqual(['20261120']);
  expect(planPublication(rolledBack, draft, 1).remove).toEqual(['20261120', '20261121', '20261122']);
});
