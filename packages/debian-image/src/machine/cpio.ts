/** A file of an initramfs: a regular one, or a character device. */
export interface CpioFile {
  readonly name: string;
  readonly mode: number;
  readonly content?: Buffer;
  readonly device?: readonly [major: number, minor: number];
}

/** An archive as the kernel unpacks it (the "newc" format of its buffer-format.rst), owned by root. */
export function cpio(files: readonly CpioFile[]): Buffer {
  const entries = [...files, { name: 'TRAILER!!!', mode: 0 }];
  return Buffer.concat(entries.flatMap((file, index) => entry(file, index + 1)));
}

function entry({ name, mode, content = Buffer.alloc(0), device: [major, minor] = [0, 0] }: CpioFile, inode: number): Buffer[] {
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return [padded(Buffer.from(header)), padded(content)];
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
