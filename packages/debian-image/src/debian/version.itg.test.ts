import { expect, it } from 'vitest';
import { command, run } from '../host/index.ts';
import { compareVersions } from './version.ts';

const versions = [
  '0',
  '1.0',
  '1.00',
  '1.0-0',
  '1.0~rc1-2',
  '1.0-1+b1',
  '1.0-1~deb12u1',
  '1.0-1+deb12u2',
  '0:1.0',
  '1:0.1',
  '10:1',
  '1.0a',
  '1.0.a',
  '1.0~~',
  '5.2.15-2+b3',
  '5.2.15-2+b10',
  '6.1.0-10-cloud-amd64',
  '6.1.0-9-amd64',
];

/** What dpkg says of each pair: `less`, `equal` or `greater`. */
async function dpkgOrders(pairs: readonly (readonly [string, string])[]): Promise<string[]> {
  const script = `while read -r a b; do
  if dpkg --compare-versions "$a" lt "$b"; then echo less; elif dpkg --compare-versions "$a" eq "$b"; then echo equal; else echo greater; fi
done`;
  const input = pairs.map(([a, b]) => `${a} ${b}\n`).join('');
  return (await run(command('sh', ['-c', script]), { doing: 'asking dpkg', input })).stdout.trim().split('\n');
}

it('orders versions as dpkg does', async () => {
  const pairs = versions.flatMap((a, index) => versions.slice(index + 1).map((b) => [a, b] as const));
  const own = pairs.map(([a, b]) => ['less', 'equal', 'greater'][Math.sign(compareVersions(a, b)) + 1]);
  const dpkg = await dpkgOrders(pairs);
  expect(own.map((order, index) => [...pairs[index]!, order])).toEqual(dpkg.map((order, index) => [...pairs[index]!, order]));
  expect(new Set(dpkg)).toEqual(new Set(['less', 'equal', 'greater']));
});
