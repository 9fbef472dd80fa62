/** The ext4 features that a system's kernel and e2fsprogs understand. */
export interface Ext4Profile {
  /** Feature names as mke2fs takes them, complete: what is not named is off. */
  readonly features: readonly string[];
  /** Bytes of a group descriptor. */
  readonly descriptorSize: 32 | 64;
}
