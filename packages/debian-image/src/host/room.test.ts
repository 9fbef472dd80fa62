import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { requireRoom } from './room.ts';

it('asks for no more than there is', async () => {
  await expect(requireRoom(tmpdir(), 1, 'nothing')).resolves.toBeUndefined();
  await expect(requireRoom(tmpdir(), 2 ** 60, 'configuring web')).rejects.toMatchObject({
    reason: 'no-space',
    message: expect.stringMatching(/^configuring web needs .*iB, and only .*iB are free$/) as string,
    where: tmpdir(),
  });
});
