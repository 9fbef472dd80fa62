import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { iso9660 } from './iso9660.ts';

const files = [
  { path: 'openstack/latest/meta_data.json', content: Buffer.from('{}\n') },
  { path: 'openstack/latest/user_data', content: Buffer.alloc(3000, 'u') },
  { path: 'readme', content: Buffer.alloc(0) },
];
const image = iso9660('config-2', files);
const sector = (number: number, length = 2048): Buffer => image.subarray(number * 2048, number * 2048 + length);

/** The names of a folder and, of each, where its bytes begin and how many they are. */
function listing(number: number): [string, number, number][] {
  const bytes = sector(number);
  const found: [string, number, number][] = [];
  for (let at = 0; bytes[at] !== 0; at += bytes[at]!) {
    const name = bytes.toString('latin1', at + 33, at + 33 + bytes[at + 32]!);
    found.push([name, bytes.readUInt32LE(at + 2), bytes.readUInt32LE(at + 10)]);
  }
  return found;
}

it('has a label and a size', () => {
  expect(sector(16, 8).toString('latin1')).toBe('\u0001CD001\u0001\0');
  expect(sector(16).toString('latin1', 40, 72)).toBe('config-2'.padEnd(32));
  expect(sector(16).readUInt32LE(80) * 2048).toBe(image.length);
  expect(sector(17, 7).toString('latin1')).toBe('\u00FFCD001\u0001');
});

it('has folders and files, each where it says', () => {
  expect(listing(20)).toEqual([
    ['\0', 20, 2048],
    ['\u0001', 20, 2048],
    ['OPENSTACK', 21, 2048],
    ['README.;1', 26, 0],
  ]);
  expect(listing(21)).toEqual([
    ['\0', 21, 2048],
    ['\u0001', 20, 2048],
    ['LATEST', 22, 2048],
  ]);
  expect(listing(22).slice(2)).toEqual([
    ['META_DATA.JSON;1', 23, 3],
    ['USER_DATA.;1', 24, 3000],
  ]);
  expect(sector(23, 3).toString()).toBe('{}\n');
  expect(sector(24, 3000)).toEqual(files[1]!.content);
});

it('has the same bytes each time', () => {
  expect(iso9660('config-2', files).equals(image)).toBe(true);
  // what a Linux kernel reads (seed.itg.test.ts)
  expect(createHash('sha256').update(image).digest('hex')).toBe('8d730eaa8616059533620bb61a6874202ec1d77a702877b12a246ddbebea8e7d');
});
