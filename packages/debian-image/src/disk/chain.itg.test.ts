import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { command, run } from '../host/index.ts';
import { chainName } from './chain.ts';
import { withFolder } from './testing/tar.ts';

const image = (...args: string[]): Promise<unknown> => run(command('qemu-img', args), { doing: 'test' });

it('opens a qcow2 upon others, whatever its header says', () =>
  withFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    await writeFile(at('raw'), Buffer.alloc(1 << 20, 'a'));
    await writeFile(at('secret'), 'secret');
    await truncate(at('secret'), 1 << 20);
    await image('convert', '-O', 'qcow2', at('raw'), at('low, er'));
    await image('create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', at('secret'), at('upper'));
    await image('convert', '-O', 'raw', chainName([at('low, er'), at('upper')]), at('both'));
    expect((await readFile(at('both'))).equals(await readFile(at('raw')))).toBe(true);
    await image('convert', '-O', 'raw', chainName([at('upper')]), at('alone'));
    expect((await readFile(at('alone'))).equals(Buffer.alloc(1 << 20))).toBe(true);
  }));
