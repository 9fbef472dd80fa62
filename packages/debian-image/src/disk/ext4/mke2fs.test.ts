import { expect, it } from 'vitest';
import { command, printable } from '../../host/index.ts';
import { ext4Profiles } from '../../debian/ext4.ts';
import { mke2fsCommand } from './mke2fs.ts';

const tools = { tool: (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => command(name, args, { env }) };
const options = {
  profile: ext4Profiles.plain,
  path: '/s/disk.raw',
  offset: 1 << 20,
  seed: 'sha256:0',
  epoch: 17,
  configFile: '/s/mke2fs.conf',
};

it('says everything that decides the bytes', () => {
  expect(printable(mke2fsCommand(tools, { ...options, plan: { blocks: 5000, freeBlocks: 1, inodes: undefined } }))).toMatchInlineSnapshot(
    `"MKE2FS_CONFIG=/s/mke2fs.conf SOURCE_DATE_EPOCH=17 mke2fs -q -F -t ext4 -T default -b 4096 -I 256 -m 0 -i 16384 -L root -U 4378ec11-10fd-8f61-8428-a0a8cf6e16cd -J size=4 -O none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,uninit_bg -E offset=1048576,hash_seed=362daf8d-2616-864b-bc0a-bb9f09285256,root_owner=0:0,nodiscard,assume_storage_prezeroed=1,lazy_itable_init=0,lazy_journal_init=0 -d - /s/disk.raw 5000"`,
  );
});

it('asks for a number of inodes where the ratio gives too few', () => {
  const { args } = mke2fsCommand(tools, { ...options, offset: 0, plan: { blocks: 5000, freeBlocks: 1, inodes: 6000 } });
  expect(args.join(' ')).toContain(' -N 6000 ');
  expect(args.join(' ')).not.toMatch(/ -i /);
});
