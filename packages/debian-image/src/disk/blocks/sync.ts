import { open } from 'node:fs/promises';

/** Brings a file to the disk. Begun while its bytes are hashed, it is over when the store would have to wait for it. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
