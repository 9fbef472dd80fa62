import type { Descriptor, Store } from '@nx-debian-image/artifact-store';

/** For tests: a member of an ar archive. */
export const member = (name: string, content: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${name.padEnd(16)}${'0'.padEnd(32)}${String(content.length).padEnd(10)}\`\n`),
    content,
    Buffer.alloc(content.length % 2, '\n'),
  ]);

/** For tests: an entry of a tar with its name, its time in seconds since 1970 and its content. */
export function tarEntry(name: string, seconds: number, content = ''): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(Buffer.byteLength(content).toString(8).padStart(11, '0'), 124);
  header.write(seconds.toString(8).padStart(11, '0'), 136);
  const padded = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  padded.write(content);
  return Buffer.concat([header, padded]);
}

/** For tests: puts an unpacked package of these members into a store. */
export function putPackage(store: Store, ...members: readonly Buffer[]): Promise<Descriptor> {
  return store.putBytes(Buffer.concat([Buffer.from('!<arch>\n'), ...members]), 'deb');
}
