import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { SetupError } from './error.mjs';

/** How many ids a Debian system needs: 0 to 65535. */
const idsOfSystem = 65_536;
const firstId = 100_000;

/** Checks that an ordinary user has subordinate ids (subuid(5)), which become the users inside an image; root needs none. */
export function checkUser({
  uid = process.getuid?.() ?? 0,
  name = userInfo().username,
  subuid = '/etc/subuid',
  subgid = '/etc/subgid',
} = {}) {
  if (uid === 0) return;
  const ranges = [subuid, subgid].map(readRanges);
  const enough = ranges.every((all) =>
    all.some((range) => (range.owner === name || range.owner === String(uid)) && range.count >= idsOfSystem),
  );
  if (enough) return;
  const start = Math.max(firstId, ...ranges.flat().map((range) => range.start + range.count));
  const free = `${start}-${start + idsOfSystem - 1}`;
  throw new SetupError(
    `${name} has no subordinate user and group ids, which become the users inside an image.\nGive it some with:\n  sudo usermod --add-subuids ${free} --add-subgids ${free} ${name}`,
  );
}

function readRanges(file) {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(':'))
    .map(([owner, start, count]) => ({ owner, start: Number(start), count: Number(count) }));
}
