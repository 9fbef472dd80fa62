import { join } from 'node:path';
import { silent } from '@nx-debian-image/report';
import { describe, expect, it } from 'vitest';
import { mergeLayers, type Tree } from '../layers/merge.ts';
import { treeStatistics } from '../layers/statistics.ts';
import { indexTar } from '../layers/tar-index.ts';
import { directory, file, withFolder, writeTar } from '../testing/tar.ts';
import { testTools } from '../testing/tools.ts';
import type { FileSystemTools } from '../tools.ts';
import { ext4Profiles } from '../../debian/ext4.ts';
import { makeExt4 } from './make.ts';
import { planExt4 } from './plan.ts';

/** Some files of one size, a hundred to a directory. */
async function tree(folder: string, files: number, size: number): Promise<Tree> {
  const entries = Array.from({ length: files }, (_, index) => file(`${Math.floor(index / 100)}/file-${index}`, Buffer.alloc(size, 'x')));
  const directories = Array.from({ length: Math.ceil(files / 100) }, (_, index) => directory(`${index}/`));
  return mergeLayers([indexTar(await writeTar(join(folder, 'layer.tar'), [directory('./'), ...directories, ...entries]))]);
}

const mebibyte = 1 << 20;

describe('the size that is reckoned beforehand is that of mke2fs, to the block', () => {
  const sizes = [0, 4, 60, 118, 119, 120, 121, 122, 123, 124, 125, 130, 250, 380, 500, 1000, 3000, 9000];
  it.each(['plain', 'checked', 'seeded'] as const)('with the features that are %s', (kind) =>
    withFolder(async (folder) => {
      const profile = ext4Profiles[kind];
      const small = await tree(folder, 20, 5000);
      for (const size of sizes) {
        const wish = { freeBytes: size * mebibyte, profile };
        const path = join(folder, 'root.ext4');
        const made = await makeExt4({ ...wish, tree: small, path, offset: 0, seed: 's', epoch: 0, tools: testTools(), progress: silent });
        const plan = planExt4({ statistics: treeStatistics(small), ...wish });
        expect([made.blocks, made.freeBlocks], `${size} MiB free`).toEqual([plan.blocks, plan.freeBlocks]);
        expect(made.freeBlocks * 4096).toBeGreaterThanOrEqual(wish.freeBytes);
      }
    }),
  );

  it('with more files than one for 16 KiB', () =>
    withFolder(async (folder) => {
      const wish = { freeBytes: 4 * mebibyte, profile: ext4Profiles.checked };
      const many = await tree(folder, 6000, 10);
      const path = join(folder, 'root.ext4');
      const made = await makeExt4({ ...wish, tree: many, path, offset: 0, seed: 's', epoch: 0, tools: testTools(), progress: silent });
      expect(made.freeBlocks).toBe(planExt4({ statistics: treeStatistics(many), ...wish }).freeBlocks);
      expect(made.freeInodes).toBeGreaterThanOrEqual(1024);
    }));
});

/** The tools, with another size in the first call of mke2fs. */
function misjudging(change: (blocks: number) => number): FileSystemTools {
  let calls = 0;
  return {
    tool(name, args, env) {
      calls += 1;
      return testTools().tool(name, calls > 1 ? args : [...args.slice(0, -1), String(change(Number(args.at(-1))))], env);
    },
  };
}

describe('where mke2fs disagrees', () => {
  it.each([
    ['too small', (blocks: number) => blocks - 3000],
    ['too large', (blocks: number) => blocks + 3000],
  ])('%s: once more', (what, change) =>
    withFolder(async (folder) => {
      const wish = { freeBytes: 4 * mebibyte, profile: ext4Profiles.checked };
      const trees = await tree(folder, 200, 100_000);
      const path = join(folder, 'root.ext4');
      const notes: string[] = [];
      const progress = { ...silent, note: (text: string) => void notes.push(text) };
      const made = await makeExt4({ ...wish, tree: trees, path, offset: 0, seed: 's', epoch: 0, tools: misjudging(change), progress });
      expect(notes).toEqual([expect.stringMatching(new RegExp(`came out ${what}: once more`))]);
      expect(made.freeBlocks * 4096).toBeGreaterThanOrEqual(wish.freeBytes);
      expect(made.freeBlocks * 4096).toBeLessThan(wish.freeBytes * 1.3);
    }),
  );
});
