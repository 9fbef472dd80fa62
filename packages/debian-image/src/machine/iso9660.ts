import { foldersAbove } from '../disk/folders-above.ts';

/** A file of such an image; folders come of its path. */
export interface IsoFile {
  /** Relative, in lower case: a kernel without extensions of the format shows all names so. */
  readonly path: string;
  readonly content: Buffer;
}

const sectorBytes = 2048;
/** After 16 sectors that belong to nobody: volume descriptor, its end, and the path table in both orders of bytes. */
const sectors = { descriptor: 16, end: 17, littleEndianTable: 18, bigEndianTable: 19, folders: 20 };

interface Place {
  readonly path: string;
  readonly sector: number;
  readonly length: number;
  readonly content: Buffer;
}

/**
 * A read-only file system (ECMA-119, without extensions) with a label and some files, the same bytes each time. For a few small files: each
 * folder has to fit in a sector.
 */
export function iso9660(label: string, files: readonly IsoFile[]): Buffer {
  const paths = foldersOf(files);
  const folders = paths.map((path, index) => ({ path, sector: sectors.folders + index, length: sectorBytes }));
  let next = sectors.folders + folders.length;
  const places = files.map(({ path, content }): Place => {
    const place = { path, sector: next, length: content.length, content };
    next += Math.ceil(content.length / sectorBytes);
    return place;
  });
  const image = Buffer.alloc(next * sectorBytes);
  const put = (sector: number, bytes: Buffer): number => bytes.copy(image, sector * sectorBytes);
  const root = folders[0]!;
  for (const folder of folders) {
    const parent = folders.find(({ path }) => path === parentOf(folder.path)) ?? root;
    const inside = [
      ...folders
        .filter(({ path }) => path !== '' && parentOf(path) === folder.path)
        .map((place) => ({ name: folderName(place.path), place, isFolder: true })),
      ...places
        .filter(({ path }) => parentOf(path) === folder.path)
        .map((place) => ({ name: fileName(place.path), place, isFolder: false })),
    ].toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const records = inside.map(({ name, place, isFolder }) => record(name, place, isFolder));
    put(folder.sector, Buffer.concat([record('\0', folder, true), record('\u0001', parent, true), ...records]));
  }
  for (const { sector, content } of places) put(sector, content);
  const tables = (['LE', 'BE'] as const).map((order) => pathTable(folders, order));
  put(sectors.littleEndianTable, tables[0]!);
  put(sectors.bigEndianTable, tables[1]!);
  put(sectors.descriptor, descriptor(label, next, tables[0]!.length, record('\0', root, true)));
  put(sectors.end, Buffer.from('\u00FFCD001\u0001', 'latin1'));
  return image;
}

/** All folders, the root first, in the order of a path table: by depth, then by name. */
function foldersOf(files: readonly IsoFile[]): string[] {
  const folders = new Set(['', ...files.flatMap(({ path }) => foldersAbove(path))]);
  const depth = (path: string): number => (path === '' ? 0 : path.split('/').length);
  return [...folders].toSorted((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1));
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const folderName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toUpperCase();

/** With a dot and a version, as the format wants it; kernels show neither. */
function fileName(path: string): string {
  const name = folderName(path);
  return name.includes('.') ? `${name};1` : `${name}.;1`;
}

function record(name: string, { sector, length }: Omit<Place, 'path' | 'content'>, isFolder: boolean): Buffer {
  const bytes = Buffer.alloc(33 + name.length + ((name.length + 1) % 2));
  bytes[0] = bytes.length;
  both32(bytes, 2, sector);
  both32(bytes, 10, length);
  // its date stays 0: unknown
  bytes[25] = isFolder ? 2 : 0;
  both16(bytes, 28, 1);
  bytes[32] = name.length;
  bytes.write(name, 33, 'latin1');
  return bytes;
}

function pathTable(folders: readonly Omit<Place, 'content'>[], order: 'LE' | 'BE'): Buffer {
  return Buffer.concat(
    folders.map(({ path, sector }) => {
      const name = path === '' ? '\0' : folderName(path);
      const bytes = Buffer.alloc(8 + name.length + (name.length % 2));
      const parent = folders.findIndex((folder) => folder.path === parentOf(path)) + 1;
      bytes[0] = name.length;
      bytes[`writeUInt32${order}`](sector, 2);
      bytes[`writeUInt16${order}`](parent, 6);
      bytes.write(name, 8, 'latin1');
      return bytes;
    }),
  );
}

function descriptor(label: string, size: number, tableLength: number, root: Buffer): Buffer {
  const bytes = Buffer.alloc(sectorBytes);
  bytes.write('\u0001CD001\u0001', 0, 'latin1');
  // names of the system, the volume and those who made it, padded with spaces
  bytes.fill(' ', 8, 72);
  bytes.write(label, 40, 'latin1');
  both32(bytes, 80, size);
  both16(bytes, 120, 1);
  both16(bytes, 124, 1);
  both16(bytes, 128, sectorBytes);
  both32(bytes, 132, tableLength);
  bytes.writeUInt32LE(sectors.littleEndianTable, 140);
  bytes.writeUInt32BE(sectors.bigEndianTable, 148);
  root.copy(bytes, 156);
  bytes.fill(' ', 190, 813);
  // four dates: not given
  for (let at = 813; at < 881; at += 17) bytes.fill('0', at, at + 16);
  bytes[881] = 1;
  return bytes;
}

function both32(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value, at);
  bytes.writeUInt32BE(value, at + 4);
}

function both16(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt16LE(value, at);
  bytes.writeUInt16BE(value, at + 2);
}
