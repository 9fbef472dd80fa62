import { expect, it } from 'vitest';
import { readBuffer } from '../read-at.ts';
import { randomNumbers } from '../testing/tar.ts';
import { readSuperblock } from './superblock.ts';

function superblock(): Buffer {
  const bytes = Buffer.alloc(4096);
  const block = bytes.subarray(1024);
  block.writeUInt32LE(32, 0x0);
  block.writeUInt32LE(7, 0x4);
  block.writeUInt32LE(3, 0xc);
  block.writeUInt32LE(2, 0x18);
  block.writeUInt16LE(0xef53, 0x38);
  block.writeUInt32LE(0x4, 0x5c);
  block.writeUInt32LE(0x80_00_00_40, 0x60);
  block.writeUInt32LE(0x400, 0x64);
  Buffer.from('00112233445566778899aabbccddeeff', 'hex').copy(block, 0x68);
  block.write('root', 0x78);
  block.writeUInt32LE(1, 0x150);
  return bytes;
}

it('reads sizes, names and features, those unknown by their bit', () => {
  expect(readSuperblock(readBuffer(superblock()), 0)).toEqual({
    blockSize: 4096,
    blocks: 7,
    freeBlocks: 3,
    inodes: 32,
    freeInodes: 0,
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
    label: 'root',
    features: ['has_journal', 'extent', 'incompat:0x80000000', 'metadata_csum'],
  });
});

it('counts the upper half of sizes only with 64bit', () => {
  const bytes = superblock();
  bytes.writeUInt32LE(0x80, 1024 + 0x60);
  expect(readSuperblock(readBuffer(bytes), 0)?.blocks).toBe(2 ** 32 + 7);
});

it('gives nothing for what is no superblock', () => {
  expect(readSuperblock(readBuffer(Buffer.alloc(4096)), 0)).toBeUndefined();
  expect(readSuperblock(readBuffer(superblock().subarray(0, 1500)), 0)).toBeUndefined();
  expect(readSuperblock(readBuffer(superblock()), 4096)).toBeUndefined();
  const random = randomNumbers(1);
  for (let round = 0; round < 200; round += 1) {
    const bytes = Buffer.from(Array.from({ length: 2048 }, () => Math.floor(random() * 256)));
    expect(readSuperblock(readBuffer(bytes), 0)).toBeUndefined();
  }
});
