import type { Ext4Profile } from '../disk/ext4/profile.ts';

/** In Linux 2.6.32 and e2fsprogs 1.41, the oldest of all (squeeze). */
const everywhere =
  'has_journal ext_attr resize_inode dir_index filetype extent flex_bg sparse_super large_file huge_file dir_nlink extra_isize'.split(' ');
const checked = [...everywhere, '64bit', 'metadata_csum'];

/** What a release can mount, check and grow. */
export const ext4Profiles = {
  /** Up to jessie: e2fsprogs 1.42 knows neither 64bit nor metadata_csum well enough to grow such a file system. */
  plain: { features: [...everywhere, 'uninit_bg'], descriptorSize: 32 },
  /** From stretch on. */
  checked: { features: checked, descriptorSize: 64 },
  /** From trixie on; GRUB and e2fsprogs before it know neither of the two. */
  seeded: { features: [...checked, 'metadata_csum_seed', 'orphan_file'], descriptorSize: 64 },
} as const satisfies Record<string, Ext4Profile>;
