import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { isLeftover, machineName } from './names.ts';

it('knows what a killed build of this machine has left, and nothing else', async () => {
  const own = await machineName('web-12.1');
  expect(own).toMatch(/^debian-image-web-12\.1-[0-9a-f]{12}-\d+-\d+-\d+-\d+-[0-9a-f]{12}$/);
  expect(await machineName('web-12.1')).not.toBe(own);
  // a process that has been
  const { pid } = spawnSync('true');
  const gone = own.replace(/-(\d+)-(\d+-\d+-\w+)$/, `-${pid}-$2`);
  const elsewhere = gone.replace(/[0-9a-f]{12}/, '0123456789ab');
  const names = [own, `${own}.qcow2`, gone, `${gone}.initrd`, elsewhere, 'debian-image-web', 'web'];
  expect(await Promise.all(names.map(isLeftover))).toEqual([false, false, true, true, false, false, false]);
});
