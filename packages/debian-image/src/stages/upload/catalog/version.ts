/**
 * The order of versions, `YYYYMMDD` or `YYYYMMDD.N`: negative where `a` is the older one. The date comes first because simplestreams
 * clients sort versions as text, and LXD reads the first eight characters as a date.
 */
export function compareVersions(a: string, b: string): number {
  const [dateA, countA] = parts(a);
  const [dateB, countB] = parts(b);
  return dateA - dateB || countA - countB;
}

/** The version for something published on a date (`YYYYMMDD`): the date, or with the next number where that would not be the newest. */
export function nextVersion(existing: readonly string[], date: string): string {
  const newest = existing.toSorted(compareVersions).at(-1);
  if (newest === undefined || compareVersions(newest, date) < 0) return date;
  const [newestDate, count] = parts(newest);
  return `${newestDate}.${count + 1}`;
}

export function isVersion(text: string): boolean {
  return /^\d{8}(\.[1-9]\d*)?$/.test(text);
}

function parts(version: string): [number, number] {
  if (!isVersion(version)) throw new Error(`${JSON.stringify(version)} is no version such as 20261122 or 20261122.1`);
  const [date, count = '0'] = version.split('.');
  return [Number(date), Number(count)];
}
