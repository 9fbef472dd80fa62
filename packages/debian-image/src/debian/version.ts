/**
 * Compares versions as dpkg does (deb-version(7), "Sorting algorithm"): epoch, upstream version and revision in turn, in each of them
 * parts that are no digits by letters before other characters, with `~` before everything, even the end; digits by their value.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return compareDigits(left.epoch, right.epoch) || comparePart(left.upstream, right.upstream) || comparePart(left.revision, right.revision);
}

function split(version: string): { epoch: string; upstream: string; revision: string } {
  const [, epoch = '', upstream = '', revision = ''] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/s.exec(version) ?? [];
  return { epoch, upstream, revision };
}

function comparePart(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [x = '', y = ''] = [left[index], right[index]];
    const order = index % 2 === 0 ? compareText(x, y) : compareDigits(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

/** Text and digits in turn, text first. */
function parts(version: string): string[] {
  return version.split(/([0-9]+)/);
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = weight(a[index]) - weight(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  return /[a-z]/i.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function compareDigits(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)];
  return x < y ? -1 : Number(x > y);
}
