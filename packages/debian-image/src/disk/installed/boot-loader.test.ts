import { expect, it } from 'vitest';
import { readBuffer } from '../read-at.ts';
import { inspectBootLoader } from './boot-loader.ts';

const sector = 512;
const root = { start: 2048 * sector, size: 4096 * sector };

/** A disk whose boot.img loads a sector of core.img, which says where its others are: [first, count] of each part. */
function disk(core: number, ...lists: readonly (readonly [first: number, count: number])[]): Buffer {
  const bytes = Buffer.alloc(8192 * sector);
  bytes.fill(0x90, 0, 0x5c);
  bytes.writeBigUInt64LE(BigInt(core), 0x5c);
  bytes.write('GRUB ', 0x180);
  for (const [index, [first, count]] of lists.entries()) {
    const at = core * sector + sector - 12 * (index + 1);
    bytes.writeBigUInt64LE(BigInt(first), at);
    bytes.writeUInt16LE(count, at + 8);
  }
  return bytes;
}

const inspect = (bytes: Buffer): string => inspectBootLoader(readBuffer(bytes), root);

it('knows GRUB whose core image lies before the root, or behind it', () => {
  expect(inspect(disk(1, [2, 200]))).toBe('grub');
  expect(inspect(disk(1, [2, 2046]))).toBe('grub');
  expect(inspect(disk(7000, [7001, 200]))).toBe('grub');
});

it.each([
  ['wholly', disk(2100, [2101, 200])],
  ['in its second part', disk(1, [2, 10], [3000, 100])],
  ['in its last sector', disk(1, [2, 2047])],
])('refuses GRUB whose core image is %s in the root', (_, bytes) => {
  expect(() => inspect(bytes)).toThrow("GRUB's core image is a list of blocks in the root file system");
});

it('tells other code from none, and goes by no address outside', () => {
  expect(inspect(Buffer.alloc(8192 * sector))).toBe('none');
  expect(inspect(Buffer.alloc(100))).toBe('none');
  expect(inspect(Buffer.alloc(8192 * sector, 'LILO'))).toBe('other');
  const far = disk(1);
  far.writeBigUInt64LE(2n ** 63n, 0x5c);
  expect(inspect(far)).toBe('grub');
});
