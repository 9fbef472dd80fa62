import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';

/** The bytes of an initial ramdisk without its compression; those of any other file as they are. */
export async function zstdOrPlain(path: string, bytes: Buffer): Promise<Buffer> {
  if (!path.startsWith('boot/initrd') || bytes.toString('hex', 0, 4) !== '28b52ffd') return bytes;
  const child = spawn('zstd', ['-dc'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(bytes);
  return buffer(child.stdout);
}
