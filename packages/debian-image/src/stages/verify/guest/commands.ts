import type { Image } from '../../../image/index.ts';
import type { Machine } from '../../../machine/index.ts';
import type { Finding } from '../check.ts';
import { rootPath } from './ask.ts';

export type GuestCommand = Image['verify']['commands'][number];

const longestSaid = 300;

/** Runs a command of image.json in a guest. */
export async function tryCommand(machine: Machine, wish: GuestCommand, limitSeconds: number): Promise<Finding> {
  const begin = Date.now();
  const { status, stdout } = await machine.ssh(`${rootPath}\nexec 2>&1\n${wish.command}`, limitSeconds);
  return judgeCommand(wish, { status, said: stdout, seconds: (Date.now() - begin) / 1000 });
}

/** What a command came to, as a finding. Pure. */
export function judgeCommand(
  wish: Pick<GuestCommand, 'status' | 'output'>,
  { status, said, seconds }: { readonly status: number; readonly said: string; readonly seconds: number },
): Finding {
  const text = said.trim().slice(0, longestSaid);
  const wrong = [
    ...(status === wish.status ? [] : [`status ${status} instead of ${wish.status}`]),
    ...(wish.output === undefined || new RegExp(wish.output, 'm').test(said) ? [] : [`nothing matches ${wish.output}`]),
  ];
  if (wrong.length === 0) return { ok: true, value: text.split('\n', 1)[0] || `status ${status}`, seconds };
  return { ok: false, value: [wrong.join('; '), text].filter(Boolean).join('\n'), seconds };
}
