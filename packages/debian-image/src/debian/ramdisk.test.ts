import { expect, it } from 'vitest';
import { ramdiskTool } from './ramdisk.ts';
import { releaseOf } from './releases.ts';

it('makes the ramdisk with the tool that the image names, else with that of the release', () => {
  expect(ramdiskTool(releaseOf('forky'), ['vim'])).toBe('dracut');
  expect(ramdiskTool(releaseOf('forky'), ['vim', 'initramfs-tools'])).toBe('initramfs-tools');
  expect(ramdiskTool(releaseOf('trixie'), [])).toBe('initramfs-tools');
  expect(ramdiskTool(releaseOf('trixie'), ['dracut'])).toBe('dracut');
});
