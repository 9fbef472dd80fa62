/** What a machine that builds is known by, as far as this one tells. */
export interface BuildMachine {
  readonly hostname: string;
  readonly machineId: string;
  /** Folders of the build: the workspace, the store. */
  readonly folders: readonly string[];
}

/** Where trees are worked on in namespaces: see rootfs/namespace. */
const foldersInNamespaces = ['/mnt/tree', '/mnt/repository'];
const shortest = 6;

/**
 * The words that are a trace of a machine wherever they stand. Not among them is what other texts have for themselves: short words, and a
 * host name without digit or hyphen. Pure.
 */
export function traceWords({ hostname, machineId, folders }: BuildMachine, ownHostname: string): string[] {
  const telling = /[\d-]/.test(hostname) && hostname !== ownHostname ? [hostname] : [];
  return [...new Set([...telling, machineId, ...folders, ...foldersInNamespaces])].filter((word) => word.length >= shortest);
}

/** Finds the words in bytes that come in pieces, also over the ends of pieces. Pure. */
export function wordsIn(pieces: Iterable<Buffer>, words: readonly string[]): Set<string> {
  const found = new Set<string>();
  const sought = words.map((word) => ({ word, bytes: Buffer.from(word) }));
  const overlap = Math.max(0, ...sought.map(({ bytes }) => bytes.length - 1));
  let end = Buffer.alloc(0);
  for (const piece of pieces) {
    // a piece is only valid until the next is asked for
    const start = Buffer.concat([end, piece.subarray(0, overlap)]);
    for (const { word, bytes } of sought) if (start.includes(bytes) || piece.includes(bytes)) found.add(word);
    end = piece.length >= overlap ? Buffer.from(piece.subarray(piece.length - overlap)) : Buffer.from(start.subarray(-overlap));
  }
  return found;
}
