import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@nx-debian-image/artifact-store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { suiteStates } from './suite-state.ts';

let lists: string;
beforeEach(async () => {
  lists = await mkdtemp(join(tmpdir(), 'lists-'));
});
afterEach(() => rm(lists, { recursive: true }));

it('reads date and digest of each suite from the lists of apt, signed within or apart', async () => {
  const text = 'Origin: Debian\nDate: Sat, 11 Jul 2026 10:16:37 UTC\n';
  await writeFile(join(lists, 'mirror_debian_dists_bookworm_InRelease'), text);
  await writeFile(join(lists, 'mirror_debian-security_dists_squeeze_updates_Release'), text);
  await writeFile(join(lists, 'mirror_debian_dists_bookworm_main_binary-amd64_Packages'), '');
  const sha256 = digestOf(text).slice('sha256:'.length);
  expect(await suiteStates(lists, [{ suite: 'bookworm' }, { suite: 'bookworm-updates' }, { suite: 'squeeze/updates' }])).toEqual([
    { suite: 'bookworm', date: '2026-07-11T10:16:37Z', sha256 },
    { suite: 'squeeze/updates', date: '2026-07-11T10:16:37Z', sha256 },
  ]);
});
