import { expect, it } from 'vitest';
import { flavourFor, withFlavourOption } from './flavour.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const wish = { memory: gibibyte, processors: 2, disk: undefined };

it.each([
  [460 * mebibyte, 3],
  [2.5 * gibibyte, 4],
])('an image of %i bytes gets a disk of %i GiB', (bytes, disk) => {
  expect(flavourFor(wish, bytes)).toEqual({ memory: gibibyte, processors: 2, disk: disk * gibibyte });
});

it('refuses a flavour smaller than the image', () => {
  expect(() => flavourFor({ ...wish, disk: gibibyte }, 1.5 * gibibyte)).toThrow(
    expect.objectContaining({ reason: 'invalid', hint: expect.stringContaining('2GiB') }),
  );
});

it('takes an option over what image.json says', () => {
  expect(withFlavourOption(wish, undefined)).toEqual(wish);
  expect(withFlavourOption(wish, 'disk=10GiB,processors=1')).toEqual({ memory: gibibyte, processors: 1, disk: 10 * gibibyte });
});

it.each(['disk', 'disk=much', 'disk=0', 'processors=0', 'processors=two', 'ram=1GiB', 'memory=1MiB'])('refuses %s', (option) => {
  expect(() => withFlavourOption(wish, option)).toThrow(expect.objectContaining({ reason: 'invalid', where: '--flavour' }));
});
