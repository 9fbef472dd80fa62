import { run } from '../../host/index.ts';
import type { FileSystemTools } from '../tools.ts';

/** The path of the file that a byte of an ext4 belongs to; undefined for a byte of the file system itself. `device` as e2fsprogs takes it. */
export async function fileOfByte(
  tools: FileSystemTools,
  device: string,
  byte: number,
  blockSize: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const ask = async (request: string): Promise<string> => {
    const options = { doing: 'looking for the file of a block', ...(signal ? { signal } : {}) };
    return (await run(tools.tool('debugfs', ['-R', request, device]), options)).stdout;
  };
  const inode = /^\d+\t(\d+)$/m.exec(await ask(`icheck ${Math.floor(byte / blockSize)}`))?.[1];
  // ncheck writes `//etc/hosts`
  return inode === undefined ? undefined : /^\d+\t\/*(\/.+)$/m.exec(await ask(`ncheck ${inode}`))?.[1];
}
