import { describe, expect, it } from 'vitest';
import { type ReadAt, readBuffer } from '../read-at.ts';
import { randomNumbers } from '../testing/tar.ts';
import { guidBytes, guidText } from './guid.ts';
import { type Layout, planLayout, rootOf } from './layout.ts';
import { readTable } from './read.ts';
import { tableBytes } from './write.ts';

const mebibyte = 1 << 20;
const gpt = planLayout({
  table: 'gpt',
  rootBytes: 3 * mebibyte,
  seed: 's',
  before: [
    { type: 'bios-boot', bytes: mebibyte },
    { type: 'esp', bytes: 2 * mebibyte },
  ],
});
const mbr = planLayout({ table: 'mbr', rootBytes: 3 * mebibyte, seed: 's' });

function disk(layout: Layout): Buffer {
  const bytes = Buffer.alloc(layout.diskBytes);
  for (const { position, bytes: part } of tableBytes(layout)) part.copy(bytes, position);
  return bytes;
}

const read = (bytes: Buffer): Layout | undefined => readTable(readBuffer(bytes));

describe('layout', () => {
  it('puts the root last and numbers it 1, everything on whole mebibytes', () => {
    expect(gpt.partitions.map(({ number, name, start, size }) => [number, name, start / mebibyte, size / mebibyte])).toEqual([
      [1, 'root', 4, 3],
      [14, 'bios-boot', 1, 1],
      [15, 'esp', 2, 2],
    ]);
    expect([gpt.diskBytes, mbr.diskBytes]).toEqual([8 * mebibyte, 4 * mebibyte]);
    expect(rootOf(mbr)).toMatchObject({ number: 1, type: '83', start: mebibyte });
  });

  it('rounds the disk up, not the root', () => {
    const layout = planLayout({ table: 'gpt', rootBytes: 4096, seed: 's' });
    expect([layout.diskBytes, rootOf(layout).size]).toEqual([3 * mebibyte, 4096]);
  });

  it('has identifiers of the seed alone', () => {
    expect(planLayout({ table: 'gpt', rootBytes: 4096, seed: 's' }).id).toBe(gpt.id);
    expect(planLayout({ table: 'gpt', rootBytes: 4096, seed: 't' }).id).not.toBe(gpt.id);
    expect(new Set([gpt.id, ...gpt.partitions.map(({ guid }) => guid)]).size).toBe(4);
  });

  it('has no BIOS boot partition in an MBR', () => {
    expect(() => planLayout({ table: 'mbr', rootBytes: 1, seed: '', before: [{ type: 'bios-boot', bytes: 1 }] })).toThrow('MBR');
  });
});

it('reads back what it writes', () => {
  expect(read(disk(gpt))).toEqual(gpt);
  expect(read(disk(mbr))).toEqual(mbr);
  expect(guidText(guidBytes(gpt.id))).toBe(gpt.id);
});

it('reads the copy of a GPT whose beginning is damaged', () => {
  for (const position of [512, 512 + 60, 1024 + 33]) {
    const bytes = disk(gpt);
    bytes[position]! ^= 1;
    expect(read(bytes)).toEqual(gpt);
    bytes[bytes.length - 512 + 16]! ^= 1;
    expect(read(bytes)).toBeUndefined();
  }
});

it('leaves a GPT alone that no MBR protects', () => {
  const bytes = disk(gpt);
  disk(mbr).copy(bytes, 0, 0, 512);
  expect(read(bytes)?.table).toBe('mbr');
});

describe('a broken MBR gives nothing', () => {
  it.each([
    ['no signature', (bytes: Buffer) => bytes.fill(0, 510, 512)],
    ['a partition longer than the disk', (bytes: Buffer) => bytes.writeUInt32LE(0x7fffffff, 0x1be + 12)],
    ['a partition at sector 0', (bytes: Buffer) => bytes.writeUInt32LE(0, 0x1be + 8)],
    ['a status that is none, as in the boot sector of a file system', (bytes: Buffer) => (bytes[0x1be] = 0x41)],
  ])('%s', (_, damage) => {
    const bytes = disk(mbr);
    damage(bytes);
    expect(read(bytes)).toBeUndefined();
  });
  it('a disk shorter than a sector', () => expect(read(Buffer.alloc(100))).toBeUndefined());
});

/** Sector 0 with an extended partition of 100 sectors from 10 on, and boot records: [sector, own start, own sectors, next from 10, next type]. */
function extended(records: readonly (readonly [number, number, number, number, number])[]): Buffer {
  const bytes = Buffer.alloc(200 * 512);
  const entry = (sector: number, index: number, type: number, start: number, sectors: number): void => {
    const at = sector * 512 + 0x1be + index * 16;
    bytes[at + 4] = type;
    bytes.writeUInt32LE(start, at + 8);
    bytes.writeUInt32LE(sectors, at + 12);
    bytes.writeUInt16LE(0xaa55, sector * 512 + 510);
  };
  entry(0, 1, 0x05, 10, 100);
  for (const [sector, start, sectors, next, nextType] of records) {
    entry(sector, 0, 0x83, start, sectors);
    entry(sector, 1, nextType, next, nextType === 0 ? 0 : 20);
  }
  return bytes;
}

describe('logical partitions', () => {
  it('have numbers from 5 on', () => {
    const found = read(
      extended([
        [10, 2, 8, 20, 0x05],
        [30, 3, 7, 0, 0],
      ]),
    );
    expect(found?.partitions.map(({ number, type, start, size }) => [number, type, start / 512, size / 512])).toEqual([
      [2, '05', 10, 100],
      [5, '83', 12, 8],
      [6, '83', 33, 7],
    ]);
  });

  it.each([
    [
      'a chain that goes round',
      [
        [10, 2, 8, 20, 0x05],
        [30, 3, 7, 0, 0x05],
      ],
    ],
    ['a record outside', [[10, 2, 8, 100, 0x05]]],
    ['a record that is none', [[10, 2, 8, 40, 0x05]]],
    ['a next record of another type', [[10, 2, 8, 20, 0x83]]],
    ['a partition that leads out', [[10, 2, 99, 0, 0]]],
  ] as const)('%s gives nothing', (_, records) => expect(read(extended(records))).toBeUndefined());
});

it('stays within the disk whatever the bytes', () => {
  const random = randomNumbers(3);
  let found = 0;
  const logical = extended([
    [10, 2, 8, 20, 0x05],
    [30, 3, 7, 0, 0],
  ]);
  for (const sound of [disk(gpt), disk(mbr), logical]) {
    // the sectors with tables, and of these mostly the bytes that say something
    const places = [...sound.subarray(0, 16_384).keys()].filter((place) => sound[place] !== 0 || place < 1300);
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(sound.subarray(0, 1024 + 16_384));
      for (let change = 0; change < 4; change += 1) bytes[places[Math.floor(random() * places.length)]!] = Math.floor(random() * 256);
      const end = sound.length;
      const source: ReadAt = { size: end, read: (position, length) => Buffer.from(bytes.subarray(position, position + length)) };
      const table = readTable(source);
      if (!table) continue;
      found += 1;
      expect(table.partitions.filter(({ type, start, size }) => type !== 'ee' && (start < 0 || size <= 0 || start + size > end))).toEqual(
        [],
      );
    }
  }
  expect(found).toBeGreaterThan(100);
});
