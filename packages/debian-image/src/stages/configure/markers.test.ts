import { describe as tell } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { explainMarkers, parseMarker } from './markers.ts';

const markers = (lines: string[]): NonNullable<ReturnType<typeof parseMarker>>[] =>
  lines.map(parseMarker).filter((found) => found !== undefined);

it('tells markers from what programs say', () => {
  expect(parseMarker('::step locales generating fr_FR.UTF-8')).toEqual({ kind: 'step', name: 'locales', title: 'generating fr_FR.UTF-8' });
  expect(parseMarker('::failed 100 packages')).toEqual({ kind: 'failed', status: 100, step: 'packages' });
  expect(parseMarker('::unknown-module virtio_baloon')).toEqual({ kind: 'unknown', what: 'module', name: 'virtio_baloon' });
  expect(parseMarker('Generating locales...')).toBeUndefined();
});

it('offers the name that was meant', () => {
  const failure = explainMarkers(
    markers([
      '::step modules x',
      '::unknown-module virtio_baloon',
      '::candidate virtio_net',
      '::candidate virtio_balloon',
      '::failed 1 modules',
    ]),
  );
  expect(failure?.reason).toBe('not-found');
  expect(tell(failure)).toBe(`There is no kernel module "virtio_baloon" in the image; did you mean "virtio_balloon"?
  at: image.json: modules
  hint: The kernel of the image has no such module.`);
});

it('repeats a problem and leaves other failures to their own words', () => {
  expect(explainMarkers(markers(['::problem modules need a kernel, and none is in the image']))).toMatchObject({
    reason: 'invalid',
    message: 'modules need a kernel, and none is in the image',
  });
  expect(explainMarkers(markers(['::step packages x', '::failed 100 packages']))).toBeUndefined();
});
