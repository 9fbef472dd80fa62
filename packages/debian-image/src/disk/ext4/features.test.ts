import { expect, it } from 'vitest';
import { ext4Profile } from './features.ts';

it.each([
  [6, [], ['64bit', 'metadata_csum', 'metadata_csum_seed', 'orphan_file']],
  [8, ['uninit_bg'], ['64bit', 'metadata_csum', 'metadata_csum_seed', 'orphan_file']],
  [9, ['64bit', 'metadata_csum'], ['uninit_bg', 'metadata_csum_seed', 'orphan_file']],
  [12, ['64bit', 'metadata_csum'], ['metadata_csum_seed', 'orphan_file']],
  [14, ['64bit', 'metadata_csum', 'metadata_csum_seed', 'orphan_file'], []],
])('release %i', (release, has, lacks) => {
  const { features } = ext4Profile(release);
  expect(features).toEqual(expect.arrayContaining(['extent', 'resize_inode', 'has_journal', ...has]));
  for (const feature of lacks) expect(features).not.toContain(feature);
});
