/** The ext4 features that the kernel and e2fsprogs of a Debian release understand. */
export interface Ext4Profile {
  /** Feature names as mke2fs takes them, complete: what is not named is off. */
  readonly features: readonly string[];
  /** Bytes of a group descriptor. */
  readonly descriptorSize: 32 | 64;
}

/** In Linux 2.6.32 and e2fsprogs 1.41, the oldest of all (squeeze). */
const everywhere =
  'has_journal ext_attr resize_inode dir_index filetype extent flex_bg sparse_super large_file huge_file dir_nlink extra_isize'.split(' ');

/**
 * What a release (its number; sid counts as the one to come) can mount, check and grow. Up to jessie: no 64bit and no
 * metadata_csum, which its e2fsprogs 1.42 does not know. metadata_csum_seed and orphan_file: from trixie on; GRUB and e2fsprogs
 * before it know neither.
 */
export function ext4Profile(releaseNumber: number): Ext4Profile {
  if (releaseNumber <= 8) return { features: [...everywhere, 'uninit_bg'], descriptorSize: 32 };
  const checked = [...everywhere, '64bit', 'metadata_csum'];
  if (releaseNumber <= 12) return { features: checked, descriptorSize: 64 };
  return { features: [...checked, 'metadata_csum_seed', 'orphan_file'], descriptorSize: 64 };
}
