import { expect, it } from 'vitest';
import { parseRows, renderProof, type Row } from './table.ts';

const row = (image: string, date: string, checks = 'all 14 hold'): Row => ({
  image,
  date,
  kernel: '6.1.0-50-cloud-amd64',
  root: '463 MiB',
  built: '1 min 2 s',
  login: '30.1 s',
  ssh: '35.0 s',
  off: '4.2 s',
  took: '1 min 0 s',
  checks,
  ok: checks.startsWith('all '),
});

it('keeps the last proof of each image, and reads back what it wrote', () => {
  const failed = row('bookworm-arm64', '2026-11-24', '2 of 3 hold; not: login prompt');
  const page = renderProof([row('trixie-amd64', '2026-11-01'), failed, row('trixie-amd64', '2026-11-24')], 'a machine');
  expect(page).toBe(`Last written on a machine.

| image | date | kernel | root | built in | login | ssh | power off | whole boot | checks |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| bookworm-arm64 | 2026-11-24 | 6.1.0-50-cloud-amd64 | 463 MiB | 1 min 2 s | 30.1 s | 35.0 s | 4.2 s | 1 min 0 s | 2 of 3 hold; not: login prompt |
| trixie-amd64 | 2026-11-24 | 6.1.0-50-cloud-amd64 | 463 MiB | 1 min 2 s | 30.1 s | 35.0 s | 4.2 s | 1 min 0 s | all 14 hold |`);
  expect(parseRows(page)).toEqual([failed, row('trixie-amd64', '2026-11-24')]);
});
