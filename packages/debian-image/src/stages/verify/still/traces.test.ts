import { expect, it } from 'vitest';
import { traceWords, wordsIn } from './traces.ts';

const machine = { hostname: 'runner-7', machineId: '7be19eae0bcfcbd6a7b433708be2ef02', folders: ['/home/me/work', '/srv'] };

it('looks for what stands nowhere else', () => {
  expect(traceWords(machine, 'debian')).toEqual(['runner-7', machine.machineId, '/home/me/work', '/mnt/tree', '/mnt/repository']);
  expect(traceWords({ ...machine, hostname: 'builder', machineId: '' }, 'debian')).toEqual([
    '/home/me/work',
    '/mnt/tree',
    '/mnt/repository',
  ]);
  expect(traceWords(machine, 'runner-7')).not.toContain('runner-7');
});

it.each([1, 3, 8, 100])('finds words over the ends of pieces of %i bytes', (size) => {
  const bytes = Buffer.from('a line with runner-7 in it, and /mnt/tree\n');
  // as a reader gives them: in the same memory again and again
  const memory = Buffer.alloc(size);
  function* pieces(): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield memory.subarray(0, bytes.copy(memory, 0, at, at + size));
  }
  expect([...wordsIn(pieces(), ['runner-7', '/mnt/tree', 'runner-8'])].toSorted()).toEqual(['/mnt/tree', 'runner-7']);
});

it('finds nothing in nothing', () => expect(wordsIn([], ['runner-7']).size).toBe(0));
