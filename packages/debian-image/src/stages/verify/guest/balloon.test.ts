import { expect, it } from 'vitest';
import { pressBalloon } from './balloon.ts';

const bytes = 2 ** 30;
const before = 996_000;

/** A guest that says it has so many kibibytes after it was asked. */
async function press(after: number) {
  const asked: number[] = [];
  const machine = {
    qmp: { balloon: async (wish: number) => void asked.push(wish) },
    ssh: async () => ({ stdout: `${after}\n`, status: 0 }),
  };
  return { finding: await pressBalloon(machine, { bytes, before, limitSeconds: 1 }), asked };
}

it('asks for an eighth of the memory, sees that it is gone, and gives it back', async () => {
  expect(await press(before - 131_072)).toEqual({ finding: { ok: true, value: '973 MiB became 845 MiB' }, asked: [bytes * 0.875, bytes] });
});

it('names what a guest lacks whose memory stays', async () => {
  const { finding, asked } = await press(before);
  expect(finding).toMatchObject({ ok: false, value: '973 MiB became 973 MiB', hint: /virtio_balloon/ });
  expect(asked.at(-1)).toBe(bytes);
});
